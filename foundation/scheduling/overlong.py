"""Ends a worker whose job takes too long, since no thread can be stopped from outside.

A gateway that never answers or a document that never finishes would occupy its worker for good,
and a worker asked to stop would wait for it. The worker is started again
(``marketplace.server.serving``), and its jobs are taken up (``foundation.scheduling.stalled``).
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from procrastinate.job_context import JobContext
    from procrastinate.worker import Worker


log = structlog.stdlib.get_logger(__name__)


#: Seconds that a job of each queue may take; the figures of a whole city take hours.
MOST = {"clocks": 1800, "documents": 600, "messages": 120, "figures": 6 * 3600}


#: Exit code of the worker (EX_SOFTWARE of sysexits).
CODE = 70


async def ended_in_time(call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
    """Middleware of the worker: run a job, and end the process if it takes longer than ``MOST``."""
    job = context.job
    loop = asyncio.get_running_loop()
    alarm = loop.call_later(MOST[job.queue], _end, job.id, job.task_name)
    try:
        return await call_next()
    finally:
        alarm.cancel()


def _end(job: int | None, task: str) -> None:
    """Log the job and end the process."""
    log.error("job.never_ended", job=job, task=task)
    sys.stdout.flush()
    os._exit(CODE)
