"""A worker that is killed in the middle of anything stops nothing for longer than a minute."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django import app

from foundation import moments
from foundation.documents import making
from foundation.documents.models import Document
from foundation.scheduling import stalled
from foundation.scheduling.models import Routine
from foundation.scheduling.stalled import queue_once
from referrals.matters.documents import ACCEPTANCE_SLIP
from tests import databases, factories

pytestmark = pytest.mark.story

#: Before the worker: a document is laid out for ever.
NEVER_LAID_OUT = (
    "import time, django; django.setup(); from foundation.documents import making;"
    "making.to_pdf = lambda *given: time.sleep(3600);"
)


_WORK = (
    "{}from django.core.management import execute_from_command_line as run;"
    "run(['manage.py', 'procrastinate', 'worker', '--concurrency', '2'])"
)


@contextmanager
def a_worker(database: str, before: str = "") -> Iterator[subprocess.Popen]:
    """A worker of all queues on that database, changed by what is said ``before``."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "DATABASE_URL": databases.url(database),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", _WORK.format(before)],
        cwd=settings.BASE_DIR,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(found: Callable[[], object], within: float = 90, pause: float = 0.02) -> None:
    end = time.monotonic() + within
    while not found():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(pause)


def jobs(statement: str, *given: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall() if cursor.description else []


def doing(task: str) -> bool:
    statement = "SELECT 1 FROM procrastinate_jobs WHERE status = 'doing' AND task_name = %s"
    return bool(jobs(statement, task))


def minutes_pass() -> None:
    """As if some minutes lay between the death of a worker and the start of the next."""
    jobs("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '5 min'")
    jobs("UPDATE procrastinate_periodic_defers SET defer_timestamp = defer_timestamp - 300")


def test_a_worker_killed_in_the_middle_of_a_tick_does_not_stop_the_clocks(own_database):
    with transaction.atomic():
        jobs("LOCK TABLE foundation_clock IN ACCESS EXCLUSIVE MODE")
        other = connection.copy()
        try:
            with a_worker(own_database) as worker:

                def ticking() -> bool:
                    with other.cursor() as cursor:
                        cursor.execute(
                            "SELECT 1 FROM procrastinate_jobs WHERE status = 'doing'"
                            " AND task_name = 'foundation.tasks.tick'"
                        )
                        return cursor.fetchone() is not None

                until(ticking)
                worker.kill()
        finally:
            other.close()
    assert not Routine.objects.filter(name="clocks").exists()
    minutes_pass()
    with a_worker(own_database):
        until(lambda: Routine.objects.filter(name="clocks", ran_at__isnull=False).exists(), pause=0.3)
        until(lambda: not doing("foundation.tasks.tick"), pause=0.3)


def test_a_document_whose_worker_was_killed_is_made_by_the_next(own_database, client):
    matter = factories.AcceptedMatter()
    by = factories.window_of(matter.town)
    document = making.request(ACCEPTANCE_SLIP, matter, by=by)
    with a_worker(own_database, NEVER_LAID_OUT) as worker:
        until(lambda: Document.objects.filter(pk=document.pk, progress=30).exists())
        worker.kill()
    document.refresh_from_db()
    assert (document.status, document.progress) == ("rendering", 30)
    minutes_pass()
    with a_worker(own_database):
        until(lambda: Document.objects.filter(pk=document.pk, status="ready").exists(), pause=0.3)


@pytest.fixture
def left_behind(own_database) -> Callable[..., int]:
    """A job that a worker was doing when it was killed; ``ago`` says how long it is silent."""

    def make(task: str, *, ago: str = "2 min", lock: str | None = None, **given: object) -> int:
        worker = jobs(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id",
            ago,
        )[0][0]
        job = app.configure_task(task, queueing_lock=lock).defer(**given)
        jobs("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", worker, job)
        return job

    return make


def state_of(job: int) -> str:
    return jobs("SELECT status FROM procrastinate_jobs WHERE id = %s", job)[0][0]


def test_what_a_dead_worker_was_doing_is_queued_again(left_behind):
    job = left_behind("catalog.tasks.look_at_renewals")
    assert stalled.take_up() == (1, 0)
    assert state_of(job) == "todo"


def test_what_a_living_worker_does_is_left_to_it(left_behind):
    job = left_behind("catalog.tasks.look_at_renewals", ago="5 s")
    assert stalled.take_up() == (0, 0)
    assert state_of(job) == "doing"


def test_a_job_that_ends_its_worker_each_time_is_given_up(left_behind):
    job = left_behind("catalog.tasks.look_at_renewals")
    outcomes = []
    for _ in range(stalled.MOST_TRIES):
        outcomes.append(stalled.take_up())
        jobs("UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo' AND id = %s", job)
    assert outcomes == [(1, 0), (1, 0), (0, 1)]
    assert state_of(job) == "failed"


def test_a_job_whose_like_waits_already_is_not_done_twice(left_behind):
    job = left_behind("foundation.tasks.tick", lock="tick", timestamp=1)
    queue_once("foundation.tasks.tick", lock="tick", timestamp=2)
    assert stalled.take_up() == (0, 1)
    assert state_of(job) == "failed"


def test_a_lock_left_by_an_earlier_release_is_freed(left_behind):
    """Until 0.5.0 the tick held a lock, so that one death stopped all clocks for ever."""
    job = left_behind("foundation.tasks.tick", lock="tick", timestamp=1)
    jobs("UPDATE procrastinate_jobs SET lock = 'tick' WHERE id = %s", job)
    queue_once("foundation.tasks.tick", lock="tick", timestamp=2)
    jobs("UPDATE procrastinate_jobs SET lock = 'tick' WHERE status = 'todo'")
    stalled.take_up()
    assert not doing("foundation.tasks.tick")


def test_no_task_of_the_house_holds_a_lock_that_outlives_its_holder():
    own = [task for name, task in app.tasks.items() if not name.startswith(("builtin", "procrastinate"))]
    assert own
    assert [task.name for task in own if task.lock] == []


def test_a_document_that_ends_its_worker_each_time_is_failed_and_may_be_asked_for_again(
    own_database, work_off
):
    matter = factories.AcceptedMatter()
    by = factories.window_of(matter.town)
    document = making.request(ACCEPTANCE_SLIP, matter, by=by)
    killed = Document.objects.filter(pk=document.pk)
    long_ago = moments.now() - timedelta(minutes=9)
    killed.update(status="rendering", progress=30, tries=making.MOST_TRIES, touched_at=long_ago)
    making.take_up()
    document.refresh_from_db()
    assert document.status == "failed"
    assert making.request(ACCEPTANCE_SLIP, matter, by=by).pk == document.pk
    work_off()
    document.refresh_from_db()
    assert document.status == "ready"
