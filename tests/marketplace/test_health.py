"""What other machines ask of this one: whether it lives, and whether it is ready."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation import moments
from foundation.scheduling import routines
from foundation.scheduling.models import Routine
from marketplace.monitoring import parts

LIVE, READY = "/health/live", "/health/ready"


def asked(path: str, **headers: str):
    """Status, what is told of the parts, and the statements."""
    with CaptureQueriesContext(connection) as captured:
        answer = Client().get(path, **headers)
    return answer.status_code, json.loads(answer.content)["parts"], len(captured.captured_queries)


@pytest.fixture
def clocks_run():
    routines.run_minute()


def test_whoever_asks_whether_it_lives_asks_no_database():
    assert asked(LIVE) == (200, {}, 0)


def test_it_is_ready_once_the_clocks_have_run_and_that_costs_two_statements():
    assert asked(READY) == (503, {"database": "ok", "migrations": "ok", "clocks": "down"}, 2)
    routines.run_minute()
    assert asked(READY) == (200, {"database": "ok", "migrations": "ok", "clocks": "ok"}, 2)


def test_it_is_not_ready_any_more_when_the_clocks_stand_still(clocks_run):
    late = moments.now() - routines.SILENCE - timedelta(seconds=1)
    Routine.objects.filter(name=routines.CLOCKS).update(ran_at=late)
    assert asked(READY)[:2] == (503, {"database": "ok", "migrations": "ok", "clocks": "down"})


def test_a_database_of_an_older_version_is_not_ready(clocks_run):
    MigrationRecorder.Migration.objects.filter(app="foundation").delete()
    assert asked(READY)[:2] == (503, {"database": "ok", "migrations": "down", "clocks": "unknown"})


def test_of_a_database_that_is_away_strangers_hear_its_name_alone(monkeypatch):
    def away(part):
        raise OperationalError("connection to 10.1.2.3 failed: password of liandong is wrong")

    monkeypatch.setattr(parts.Database, "run", away)
    answer = Client().get(READY)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert json.loads(answer.content) == {
        "status": "down",
        "parts": {"database": "down", "migrations": "unknown", "clocks": "unknown"},
    }
    assert asked(LIVE) == (200, {}, 0)


@pytest.mark.parametrize("path", [LIVE, READY])
def test_neither_host_nor_session_nor_https_matters(path, settings, client_of, clocks_run):
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["jiuzhu.example.cn"]
    statements = asked(path)[2]
    assert asked(path, HTTP_HOST="10.0.0.9:8000") == (200, asked(path)[1], statements)
    cookie = client_of("minzheng").cookies["sessionid"].value
    assert asked(path, HTTP_COOKIE=f"sessionid={cookie}")[2] == statements
    assert Client().get("/help/", HTTP_HOST="jiuzhu.example.cn").status_code == 301


@pytest.mark.parametrize("path", [LIVE, READY])
def test_it_is_read_and_never_kept_by_a_cache(path, clocks_run):
    answer = Client().get(path)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert Client().head(path).status_code == 200
    assert Client().post(path).status_code == 405
