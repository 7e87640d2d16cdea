"""What hangs, or holds what others need, keeps nobody waiting for long; a wrong clock is got over."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django import app

from foundation import moments
from foundation.deadlines import clocks
from foundation.documents import making
from foundation.documents.models import Document
from foundation.messaging import sending
from foundation.messaging.models import Message
from foundation.retention import sweeping
from foundation.scheduling import overlong, routines, stalled
from foundation.scheduling.models import Routine
from marketplace.server import serving
from referrals.offers.models import Referral
from tests import databases, factories
from tests.faults.test_clocks_never_stop import jobs, minutes_pass
from tests.faults.test_run import until


def test_nothing_is_done_beside_clocks_and_each_queue_has_one_worker():
    workers = {queue: name for name, (queues, _n) in serving.WORKERS.items() for queue in queues}
    assert len(workers) == sum(len(queues) for queues, _n in serving.WORKERS.values())
    used = {task.queue for name, task in app.tasks.items() if not name.startswith("builtin:")}
    used -= {"builtin"}
    assert used == set(workers) == set(overlong.MOST)
    assert serving.WORKERS["clocks"][0] == ("clocks",)
    lines = serving.commands("127.0.0.1", 8000)
    assert [name for name in lines if name != "web"] == list(serving.WORKERS)
    clock_work = {"foundation.tasks.tick", "foundation.tasks.take_up"}
    assert {app.tasks[name].queue for name in clock_work} == {"clocks"}
    assert app.tasks["foundation.tasks.daily"].queue != "clocks"


class NeverAnswers:
    """A gateway that takes a text and never comes back."""

    shows = False

    def send(self, to: str, text: str) -> None:
        threading.Event().wait()


def test_a_gateway_that_never_answers_ends_its_worker_and_the_text_waits_for_its_next_try(own_database):
    message = sending.send("13812345678", "请回电。", about="test")
    program = (
        "import sys; from foundation.scheduling import overlong; overlong.MOST['messages'] = 1;"
        "from django.core.management import execute_from_command_line as run;"
        "run(['manage.py', 'procrastinate', 'worker', '--queues', 'messages'])"
    )
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "DATABASE_URL": databases.url(own_database),
        "MESSAGE_SENDER": "tests.faults.test_hanging.NeverAnswers",
    }
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env=env,
        timeout=60,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == overlong.CODE, ended.stdout + ended.stderr
    assert "never_ended" in ended.stderr
    message.refresh_from_db()
    assert (message.sent_at, message.undelivered_at) == (None, None)
    minutes_pass()
    assert stalled.take_up() == (1, 0)


def test_a_text_whose_every_try_ended_its_worker_is_listed_in_the_end():
    message = sending.send("13812345678", "请回电。", about="test")
    Message.objects.filter(pk=message.pk).update(tries=len(sending.WAITS) + 1)
    sending.deliver(message.pk)
    message.refresh_from_db()
    assert message.undelivered_at
    assert message.sent_at is None


def test_a_row_that_somebody_holds_keeps_no_other_clock_waiting(own_database):
    with moments.as_of(moments.now() - timedelta(days=40)):
        first, second = factories.OfferedReferral(), factories.OfferedReferral()
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Referral.objects.select_for_update().get(pk=first.pk)
            held.set()
            let_go.wait(60)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(10)
        (usual,) = jobs("SHOW lock_timeout")[0]
        assert usual == "10s"
        jobs("SET lock_timeout = '50ms'")
        clocks.tick()
        second.refresh_from_db()
        assert second.status == "timed_out"
    finally:
        let_go.set()
        holder.join()
    clocks.tick()
    first.refresh_from_db()
    assert first.status == "timed_out"


def test_jobs_that_ended_long_ago_are_swept_and_nothing_else(own_database):
    jobs("DELETE FROM procrastinate_jobs")
    for n in range(4):
        stalled.queue_once("foundation.tasks.send_message", lock=f"message:{n}", message_id=n)
    jobs(
        "UPDATE procrastinate_jobs SET status = (ARRAY['todo', 'failed', 'succeeded', 'failed'])"
        "[1 + (args->>'message_id')::int]::procrastinate_job_status"
    )
    jobs(
        "UPDATE procrastinate_events SET at = at - interval '31 days' WHERE job_id IN"
        " (SELECT id FROM procrastinate_jobs WHERE (args->>'message_id')::int < 3)"
    )
    assert sweeping.sweep()["retention.work", "jobs"] == 2
    left = jobs("SELECT args->>'message_id', status FROM procrastinate_jobs ORDER BY id")
    assert left == [("0", "todo"), ("3", "failed")]


# --- the machine's clock was wrong for a while -----------------------------------------------


def in_years_to_come():
    return time_machine.travel(moments.now() + timedelta(days=3650), tick=False)


def test_daily_work_that_was_done_in_years_to_come_is_done_again_today(monkeypatch):
    done: list[date] = []
    monkeypatch.setattr(routines, "DAILY", {})
    routines.each_day("test.daily", done.append, at=moments.now().time().min)
    with in_years_to_come():
        routines.run_daily()
    routines.run_daily()
    routines.run_daily()
    assert done[1:] == [moments.today()]


def test_daily_work_that_failed_in_years_to_come_does_not_wait_for_them(monkeypatch):
    done: list[date] = []

    def work(day: date) -> None:
        if day > moments.today() + timedelta(days=1) or not done:
            done.append(day)
            raise KeyError("broken")
        done.append(day)

    monkeypatch.setattr(routines, "DAILY", {})
    routines.each_day("test.daily", work, at=moments.now().time().min)
    with in_years_to_come():
        routines.run_daily()
    routines.run_daily()
    assert done[1:] == [moments.today()]


def test_clocks_that_ran_in_years_to_come_alone_are_told_to_stand_still(client_of):
    with in_years_to_come():
        routines.run_minute()
    assert routines.standstill()
    assert "计时没有运行" in client_of("minzheng").get("/workbench/").content.decode()
    routines.run_minute()
    assert routines.standstill() is False
    assert Routine.objects.get(name="clocks").ran_at < moments.now() + timedelta(minutes=1)


def test_texts_and_documents_left_in_years_to_come_are_taken_up_now():
    message = sending.send("13812345678", "请回电。", about="test")
    later = moments.now() + timedelta(days=3650)
    Message.objects.filter(pk=message.pk).update(again_at=later)
    document = Document.objects.first()
    Document.objects.filter(pk=document.pk).update(status="rendering", tries=1, touched_at=later)
    assert sending.take_up() >= 1
    assert making.take_up() >= 1
    document.refresh_from_db()
    assert document.touched_at < later


def test_workers_are_started_anew_when_the_clock_of_the_machine_is_set(monkeypatch, capfd):
    line = [sys.executable, "-c", "import time; time.sleep(600)"]
    children = serving.Processes({"web": line, "clocks": line}, Path.cwd())
    try:
        web, worker = (child._process.pid for child in children._children)
        children._look()
        assert [child._process.pid for child in children._children] == [web, worker]
        real = time.time
        monkeypatch.setattr(time, "time", lambda: real() - 3600)

        def anew() -> bool:
            children._look()
            now = [child._process and child._process.pid for child in children._children]
            return now[0] == web and now[1] not in (None, worker)

        until(anew)
    finally:
        children.stop()


# --- a start that finds less than it needs --------------------------------------------------


def test_a_program_that_is_away_for_a_moment_ends_nothing(tmp_path):
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    other = [sys.executable, "-c", "import time; time.sleep(600)"]
    children = serving.Processes({"one": [str(program)], "other": other}, Path.cwd())
    try:
        program.rename(tmp_path / "away")
        end = time.monotonic() + 2.5
        while time.monotonic() < end:
            children._look()
        assert children._children[1]._process.poll() is None
        (tmp_path / "away").write_text("#!/bin/sh\nsleep 600\n")
        (tmp_path / "away").rename(program)

        def lives() -> bool:
            children._look()
            return bool(children._children[0]._process)

        until(lives)
    finally:
        children.stop()


@pytest.fixture
def signals_as_before():
    import signal

    kept = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


pytestmark = [
    pytest.mark.story,
    pytest.mark.xdist_group("serving"),
    pytest.mark.usefixtures("signals_as_before"),
]
