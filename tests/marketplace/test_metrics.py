"""Figures for Prometheus: there by switch, for whom it is named, and of all web processes."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from foundation import moments
from foundation.deadlines.models import Clock
from foundation.messaging.models import Message
from foundation.scheduling import routines, stalled
from foundation.scheduling.models import Routine
from marketplace.monitoring import metrics
from tests import factories

#: Asked once, all figures cost so many statements.
STATEMENTS = 8


@pytest.fixture
def switched_on(settings):
    settings.METRICS, settings.ROOT_URLCONF = True, "tests.marketplace.measured"


#: A figure: its name, and the values of its labels.
Key = tuple[str, frozenset[tuple[str, str]]]


def key(name: str, **labels: str) -> Key:
    return f"liandong_{name}", frozenset(labels.items())


def figures(**asked) -> dict[Key, float]:
    """Each figure that is told now."""
    answer = Client().get("/metrics", **asked)
    assert answer.status_code == 200
    return read(answer.content.decode())


def read(text: str) -> dict[Key, float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def grown(before: dict[Key, float], after: dict[Key, float]) -> dict[Key, float]:
    return {each: value - before.get(each, 0) for each, value in after.items()}


HELP = key("requests_total", route="/help/", method="GET", status="200")


def test_without_the_switch_there_is_no_such_address():
    answer = Client().get("/metrics")
    assert answer.status_code == 404
    assert b"liandong_" not in answer.content


def test_requests_are_counted_by_route_and_status_and_never_by_what_was_typed(switched_on):
    before = figures()
    Client().get("/help/")
    Client().get("/help/?q=32028119620615482X")
    Client().get("/32028119620615482X/")
    after = figures()
    counted = grown(before, after)
    assert counted[HELP] == 2
    assert counted[key("requests_total", route="", method="GET", status="404")] == 1
    assert counted[key("request_seconds_count", route="/help/")] == 2
    assert counted[key("request_seconds_bucket", route="/help/", le="+Inf")] == 2
    assert counted[key("request_seconds_sum", route="/help/")] > 0
    assert "32028119620615482X" not in str(after)


@pytest.mark.tampers
def test_jobs_texts_clocks_and_connections_are_told(switched_on):
    factories.OfferedReferral()
    before = figures()
    assert key("clocks_silent_seconds") not in before  # they never ran
    stalled.queue_once("foundation.tasks.send_message", lock="one", message_id=1)
    Message.objects.create(to="13912345678", text="请回电。", about="test")
    Message.objects.create(to="13912345678", text="请回电。", about="test", undelivered_at=moments.now())
    late = moments.now() - timedelta(days=1)
    (clock, *_others) = Clock.objects.filter(stopped_at=None, lifecycle="referrals.Referral")
    Clock.objects.filter(pk=clock.pk).update(due_at=late)
    Routine.objects.create(name=routines.CLOCKS, ran_at=late)
    after = figures()
    counted = grown(before, after)
    assert counted[key("jobs_waiting", queue="messages")] == 1
    assert 0 <= after[key("jobs_oldest_seconds", queue="messages")] < 600
    assert counted[key("messages", state="waiting")] == 1
    assert counted[key("messages", state="undelivered")] == 1
    assert counted[key("clocks_late")] == 1
    assert after[key("clocks_silent_seconds")] == pytest.approx(86_400, abs=600)
    assert after[key("database_connections", state="active")] >= 1
    assert after[key("database_connections_most")] >= 10
    assert after[key("database_up")] == 1


def test_all_of_them_cost_a_few_statements(switched_on):
    with CaptureQueriesContext(connection) as captured:
        figures()
    assert len(captured.captured_queries) == STATEMENTS


def test_a_database_that_is_away_is_a_figure_too(switched_on, monkeypatch):
    def away():
        raise OperationalError("connection refused")

    monkeypatch.setattr(metrics, "_jobs", away)
    after = figures()
    assert after[key("database_up")] == 0
    assert "liandong_requests_total" in {name for name, _labels in after}
    assert "liandong_messages" not in {name for name, _labels in after}


def test_they_are_told_to_this_machine_and_to_whom_the_setting_names(switched_on, settings):
    settings.SECURE_SSL_REDIRECT, settings.TRUSTED_PROXIES = True, ["127.0.0.1"]
    assert figures(REMOTE_ADDR="::1", HTTP_HOST="10.0.0.9:8000")
    assert Client().get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert Client().get("/metrics", HTTP_X_FORWARDED_FOR="127.0.0.1").status_code == 404
    assert b"liandong_" not in Client().get("/metrics", REMOTE_ADDR="203.0.113.9").content
    settings.METRICS_FROM = ["203.0.113.0/24"]
    assert figures(REMOTE_ADDR="203.0.113.9")


#: A web process that has answered so many requests, and what the next one tells.
COUNTED = "for n in range({}): metrics.count('/help/', 'GET', 200, 0.02)"
TOLD = "print(metrics.exposed().decode())"


def in_a_process_of_its_own(folder, does: str) -> str:
    program = f"import django; django.setup(); from marketplace.monitoring import metrics; {does}"
    program = program.replace("; for", "\nfor")
    env = {
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(folder),
        "DATABASE_URL": "postgresql:///none?host=/no/such/folder",
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
    }
    return subprocess.run(
        [sys.executable, "-c", program], env=env, check=True, capture_output=True, text=True
    ).stdout


def test_what_one_web_process_counts_another_tells_also_after_its_death(tmp_path):
    for many in (2, 3):
        in_a_process_of_its_own(tmp_path, COUNTED.format(many))
    told = read(in_a_process_of_its_own(tmp_path, TOLD))
    assert told[HELP] == 5
    assert told[key("request_seconds_bucket", route="/help/", le="0.025")] == 5
    assert told[key("request_seconds_bucket", route="/help/", le="0.01")] == 0
    assert told[key("database_up")] == 0
