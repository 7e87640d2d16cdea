"""What programs are told when something goes wrong, whoever notices it; and limits for guessing."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client
from psycopg import errors

from foundation.rules import reading
from tests.marketplace.problems import problem


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/items/",
        "/api/v1/editions/",
        "/api/v1",
        "/api/v1/",
        "/api/",
        "/api",
        "/api/v2/me",
        "/api/v1/no-such-thing",
        "/hsds/nothing",
        "/hsds/services/",
        "/hsds/services/x",
    ],
)
@pytest.mark.parametrize("username", [None, "minzheng"])
def test_an_address_that_is_not_there_is_a_problem_for_programs(client_of, path, username):
    client = client_of(username) if username else Client()
    problem(client.get(path, headers={"Accept": "application/json"}), 404, "not-found")


def test_a_page_that_is_not_there_stays_a_page(client):
    answer = client.get("/no-such-page/", headers={"Accept": "text/html,*/*"})
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()
    asked = client.get("/open-data/ocds/processes/x/y.json", headers={"Accept": "application/json"})
    problem(asked, 404, "not-found")


def test_a_method_that_an_address_has_not_is_a_problem_also_past_the_forms_token():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/hsds/services", {})
    problem(answer, 405, "method-not-allowed")
    assert "GET" in answer["Allow"]


def test_a_null_byte_and_a_body_too_large_are_problems(client_of):
    client = client_of("minzheng")
    problem(client.get("/api/v1/matters/%00"), 400, "bad-request")
    large = b'{"x": "' + b"y" * (3 * 1024 * 1024) + b'"}'
    answer = client.post("/api/v1/matters/report", large, content_type="application/json")
    assert answer.status_code in (403, 413)
    answer = client.post("/sign-in/", {"username": "x" * (3 * 1024 * 1024), "password": "y"})
    assert answer.status_code == 413
    assert "内容太大" in answer.content.decode()


@pytest.mark.parametrize(
    ("fault", "code", "kind"),
    [
        (RuntimeError("secret inside"), 500, "fault"),
        (OperationalError("connection refused: secret inside"), 503, "unavailable"),
    ],
)
def test_a_fault_inside_is_a_problem_without_what_is_inside(monkeypatch, client_of, fault, code, kind):

    def explode():
        raise fault

    monkeypatch.setattr(reading, "everything", explode)
    client = client_of("minzheng")
    client.raise_request_exception = False
    answer = client.get("/api/v1/rules/in-force")
    body = problem(answer, code, kind)
    assert "secret" not in str(body)
    assert ("Retry-After" in answer.headers) is (code == 503)


def test_an_act_undone_twice_for_another_is_503_and_a_wrong_statement_500(monkeypatch, client_of):

    def explode(kind):
        def act():
            raise OperationalError("x") from kind("x")

        return act

    client = client_of("minzheng")
    client.raise_request_exception = False
    for kind, code in (
        (errors.DeadlockDetected, 503),
        (errors.SerializationFailure, 503),
        (errors.AdminShutdown, 503),
        (errors.TooManyConnections, 503),
        (errors.DiskFull, 500),
        (errors.QueryCanceled, 500),
    ):
        monkeypatch.setattr(reading, "everything", explode(kind))
        assert client.get("/api/v1/rules/in-force").status_code == code, kind


def test_the_lock_of_an_account_is_a_problem_with_the_time_to_come_again(client):
    for _ in range(9):
        answer = client.post(
            "/api/v1/sign-in", {"username": "minzheng", "password": "x"}, content_type="application/json"
        )
    problem(answer, 429, "throttled")
    assert 0 < int(answer["Retry-After"]) <= 900
    page = client.post("/sign-in/", {"username": "minzheng", "password": "x"})
    assert page.status_code == 429
    assert 0 < int(page["Retry-After"]) <= 900


def test_a_form_that_is_too_old_says_so_in_plain_words():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in/", {"username": "minzheng", "password": "x"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()
