"""Taking up the jobs of workers that were killed."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import structlog
from django.db import connection, transaction
from procrastinate.contrib.django import app as worker
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.types import JSONValue

from foundation.isolation import apart
from foundation.retention import sweeping
from foundation.retention.sweeping import Kept

log = structlog.stdlib.get_logger(__name__)


#: Seconds without a heartbeat after which a worker counts as dead (there is one every 10),
#: and how often a job may lose its worker before it is given up.
SILENT, MOST_TRIES = 30, 3


_LEFT_BEHIND = """
    SELECT job.id, job.task_name, job.attempts, EXISTS (
        SELECT 1 FROM procrastinate_jobs twin
        WHERE twin.status = 'todo' AND twin.queueing_lock = job.queueing_lock)
    FROM procrastinate_jobs job LEFT JOIN procrastinate_workers w ON w.id = job.worker_id
    WHERE job.status = 'doing'
        AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %s))
    ORDER BY job.id FOR UPDATE OF job SKIP LOCKED
"""


_OVER = """
    FROM procrastinate_jobs job
    WHERE job.status IN ('succeeded', 'failed', 'cancelled', 'aborted') AND NOT EXISTS (
        SELECT 1 FROM procrastinate_events event
        WHERE event.job_id = job.id AND event.at >= %s)
"""


def take_up() -> tuple[int, int]:
    """Queue the jobs of dead workers again; returns how many were queued and how many given up.

    A job is given up that has lost its worker ``MOST_TRIES`` times, or whose twin is queued already.
    """
    again, given_up = 0, 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LEFT_BEHIND, [SILENT])
        for job, task, attempts, twin in cursor.fetchall():
            over = twin or attempts + 1 >= MOST_TRIES
            with apart("job.take_up", job=job, task=task):
                if over:
                    cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job])
                else:
                    cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [job])
                given_up, again = given_up + over, again + (not over)
                log.warning("job.left_behind", job=job, task=task, given_up=over)
    return again, given_up


def _over(before: datetime) -> int:
    """How many jobs ended before; successful jobs are deleted when they end."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_OVER}", [before])
        (count,) = cursor.fetchone()
    return int(count)


def _delete(before: datetime) -> int:
    """Delete these jobs; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE {_OVER}", [before])
        return cursor.rowcount


sweeping.keep(Kept("retention.work", "jobs", _over, _delete))


def queue_once(task: str, *, lock: str, **given: JSONValue) -> None:
    """Queue a job of that task, unless one with the same ``lock`` is queued already."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        worker.configure_task(task, queueing_lock=lock).defer(**given)
