"""A job that never comes to its end ends its worker, since no thread can be stopped from outside.

A gateway that takes a text and never answers, a document that is laid out for ever: each would
hold its place for good, and a worker that is asked to stop would wait for it. The worker is
started again (``marketplace.server.serving``), and what else it did is taken up (``foundation.scheduling.stalled``).
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


#: Seconds that a job of each queue may take; figures of a whole city are summed for hours.
MOST = {"clocks": 1800, "documents": 600, "messages": 120, "figures": 6 * 3600}


#: Code with which the worker ends (a fault of software, by sysexits).
CODE = 70


async def ended_in_time(call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
    """Let a job go on for its time at most."""
    job = context.job
    loop = asyncio.get_running_loop()
    alarm = loop.call_later(MOST[job.queue], _end, job.id, job.task_name)
    try:
        return await call_next()
    finally:
        alarm.cancel()


def _end(job: int | None, task: str) -> None:
    log.error("job.never_ended", job=job, task=task)
    sys.stdout.flush()
    os._exit(CODE)
