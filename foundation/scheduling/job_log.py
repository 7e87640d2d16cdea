"""One line in the log for each job of a worker."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import structlog
from structlog.contextvars import bound_contextvars

if TYPE_CHECKING:
    from procrastinate.job_context import JobContext
    from procrastinate.worker import Worker


log = structlog.stdlib.get_logger(__name__)


async def told(call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
    """Middleware of the worker: run a job and tell how it ended; all lines of it bear its number."""
    job, began = context.job, time.monotonic()

    def lasted() -> float:
        return round((time.monotonic() - began) * 1000, 1)

    with bound_contextvars(job=job.id, task=job.task_name):
        try:
            result = await call_next()
        except asyncio.CancelledError:
            log.warning("job", outcome="aborted", duration_ms=lasted())
            raise
        except Exception:
            log.exception("job", outcome="failed", tries=job.attempts + 1, duration_ms=lasted())
            raise
        log.info("job", outcome="done", duration_ms=lasted())
        return result
