"""The log: one line a request and a job, found again by its number, and nothing in it that a person typed."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from structlog.stdlib import ProcessorFormatter

from foundation.isolation import noted
from foundation.journal.models import Entry
from foundation.refusals import NotNow
from foundation.scheduling import job_log
from marketplace.server.gateway import Gateway, Limits
from organizations.people.models import User
from tests import factories
from tests.marketplace.test_fair_gateway import Visit, answering

NUMBER, PHONE, NAME, PASSWORD = "32028119620615482X", "13962345678", "欧阳竹影", "Tr0ub4dor-and-3"
TYPED = {"id_number": NUMBER, "phone": PHONE, "name": NAME, "password": PASSWORD}


class Log:
    """What was written since the test began."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    def lines(self, event: str) -> list[dict]:
        """The lines of an event, in order; every line is an object in JSON."""
        return [line for line in map(json.loads, self.text.splitlines()) if line["event"] == event]


@pytest.fixture
def log_at():
    """Gives what is written from a level on."""
    root = logging.getLogger()
    (console,) = [each for each in root.handlers if isinstance(each.formatter, ProcessorFormatter)]
    stream, level = io.StringIO(), root.level
    before = console.setStream(stream)

    def at(name: str) -> Log:
        root.setLevel(name)
        return Log(stream)

    yield at
    root.setLevel(level)
    console.setStream(before)


@pytest.fixture
def log(log_at):
    return log_at("DEBUG")


@pytest.fixture
def careless():
    """A client for which a fault is an answer."""
    return Client(raise_request_exception=False)


def test_a_request_is_one_line_found_by_its_number_in_the_answer_and_in_the_journal(log, client_of):
    referral = factories.OfferedReferral()
    answer = client_of("chuangkou").post(
        f"/referrals/{referral.number}/withdraw/?from={NAME}", {"reason": "家庭改变了主意", "key": "w1"}
    )
    assert answer.status_code == 302
    (line,) = log.lines("request")
    entry = Entry.objects.get(lifecycle="referrals.Referral", object_id=referral.pk, move="withdraw")
    assert line["request_id"] == answer["X-Request-Id"] == entry.request_id
    assert (line["method"], line["status"], line["level"]) == ("POST", 302, "info")
    assert line["route"] == "/referrals/<str:number>/withdraw/"
    assert (line["user"], line["role"]) == (User.objects.get(username="chuangkou").pk, "window")
    assert 0 < line["duration_ms"] < 60_000
    assert line["timestamp"]
    assert "家庭改变了主意" not in log.text


def test_each_request_has_a_number_of_its_own_whatever_the_client_says(log):
    numbers = {Client().get("/help/", HTTP_X_REQUEST_ID="a" * 32)["X-Request-Id"] for _ in range(2)}
    assert len(numbers | {"a" * 32}) == 3
    assert {line["request_id"] for line in log.lines("request")} == numbers


@pytest.mark.parametrize("path", ["/health/live", "/no/such/page/", "/api/v1/me", "/static/none.css"])
def test_every_answer_has_its_number_and_its_line(log, path):
    answer = Client().get(path)
    (line,) = log.lines("request")
    assert (line["request_id"], line["status"]) == (answer["X-Request-Id"], answer.status_code)


def test_the_level_says_what_is_written(log_at, careless):
    log = log_at("WARNING")
    careless.get("/help/")
    assert log.text == ""
    log_at("INFO")
    careless.get("/help/")
    careless.get("/health/live")
    assert [line["route"] for line in log.lines("request")] == ["/help/"]


@pytest.mark.urls("tests.marketplace.failing")
def test_a_fault_is_told_with_its_frames_and_the_number_of_its_request(log_at, careless):
    log = log_at("WARNING")
    answer = careless.post(f"/failing/{NAME}/", TYPED)
    assert answer.status_code == 500
    (fault,) = log.lines("django.request")
    assert fault["request_id"] == answer["X-Request-Id"]
    assert fault["route"] == "/failing/<str:said>/"
    for told in ("failing.py", "in fail", "builtins.ValueError", "builtins.LookupError"):
        assert told in fault["exception"]
    (line,) = log.lines("request")
    assert (line["level"], line["status"]) == ("warning", 500)
    assert_nothing_typed_in(log)


def assert_nothing_typed_in(log: Log) -> None:
    for typed in TYPED.values():
        for spelt in (typed, json.dumps(typed).strip('"'), typed.encode("unicode_escape").decode()):
            assert spelt not in log.text


@pytest.mark.urls("tests.marketplace.failing")
def test_nothing_that_a_person_typed_is_in_the_log(log, careless, client_of, api_of):
    window, strict = client_of("chuangkou"), Client(enforce_csrf_checks=True, raise_request_exception=False)
    window.raise_request_exception = False
    body = {"content_type": "application/json", "data": json.dumps(TYPED)}
    statuses = [
        careless.get("/search/", TYPED).status_code,
        careless.get(f"/{NUMBER}/{NAME}/", TYPED).status_code,
        careless.get("/help/", {"q": f"\0{NAME}"}).status_code,
        careless.get("/help/", HTTP_HOST=f"{NUMBER}.example.cn").status_code,
        careless.get("/hsds/services", {"search": NAME, "page": NUMBER}).status_code,
        careless.get("/api/v1/me", HTTP_AUTHORIZATION=f"Token {PASSWORD}").status_code,
        careless.generic(NUMBER, "/help/").status_code,
        careless.post("/sign-in/", {"username": PHONE, "password": PASSWORD}).status_code,
        careless.post("/apply/", TYPED).status_code,
        careless.post("/api/v1/sign-in", **body).status_code,
        careless.post(
            "/api/v1/sign-in", data=f'{{"{NAME}": {PASSWORD}', content_type="application/json"
        ).status_code,
        strict.post(
            "/sign-in/", {"username": PHONE, "password": PASSWORD}, HTTP_ORIGIN=f"http://{NUMBER}"
        ).status_code,
        window.get("/search/", {"q": NUMBER}).status_code,
        window.get("/search/", {"q": NAME}).status_code,
        window.post("/matters/new/report/", {**TYPED, "key": NUMBER}).status_code,
        api_of("chuangkou").post("/api/v1/matters/report", TYPED, format="json").status_code,
        careless.get(f"/failing/{NAME}/", TYPED).status_code,
        careless.post(f"/failing/{NAME}/", TYPED).status_code,
        careless.post(f"/failing/{NAME}/", **body).status_code,
        window.post("/failing/database/", TYPED).status_code,
    ]
    assert {status // 100 for status in statuses} >= {2, 4, 5}
    assert len(log.lines("request")) >= len(statuses)
    assert len(log.lines("django.request")) >= 4
    assert_nothing_typed_in(log)


# --- jobs -----------------------------------------------------------------------------------


def worked(work) -> None:
    """Do a job as the worker does, in a thread of its own: a browser's loop may hold this one."""

    async def call_next():
        return work()

    context = SimpleNamespace(job=SimpleNamespace(id=17, task_name="foundation.tasks.tick", attempts=0))
    with ThreadPoolExecutor(1) as own:
        own.submit(asyncio.run, job_log.told(call_next, context, None)).result()


def test_a_job_is_one_line(log):
    worked(lambda: None)
    (line,) = log.lines("job")
    assert (line["job"], line["task"], line["outcome"]) == (17, "foundation.tasks.tick", "done")
    assert line["duration_ms"] >= 0
    assert job_log.told in settings.PROCRASTINATE_WORKER_DEFAULTS["worker_middleware"]


def test_a_job_that_fails_is_told_with_its_frames_and_without_what_it_worked_on(log):
    def fail() -> None:
        with noted("matter.look", matter=4):
            raise NotNow(f"{NAME} 已经办结")
        raise RuntimeError(f"{NAME} {NUMBER}")

    with pytest.raises(RuntimeError):
        worked(fail)
    (refused,) = log.lines("matter.look.refused")
    assert (refused["job"], refused["matter"], refused["refusal"]) == (17, 4, "not-now")
    assert "test_logs" in refused["at"]
    (line,) = log.lines("job")
    assert (line["job"], line["outcome"], line["level"]) == (17, "failed", "error")
    assert "in fail" in line["exception"]
    assert_nothing_typed_in(log)


# --- the gateway ----------------------------------------------------------------------------


def test_a_request_that_django_refuses_is_a_line_without_a_traceback(log):
    careless = Client(raise_request_exception=False)
    assert careless.get("/", headers={"Host": "elsewhere.example"}).status_code == 400
    many = {f"file{n}": io.BytesIO(b"x") for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)}
    assert careless.post("/sign-in/", many).status_code == 400
    assert [(line["why"], line["level"]) for line in log.lines("request.refused")] == [
        ("DisallowedHost", "warning"),
        ("TooManyFilesSent", "warning"),
    ]
    assert "Traceback" not in log.text
    assert "elsewhere" not in log.text


def test_what_the_gateway_refuses_is_a_line_too(log):
    said: dict[bytes, bytes] = {}

    class Heard(Visit):
        async def _send(self, message) -> None:
            said.update(message.get("headers", []))
            await super()._send(message)

    async def story() -> None:
        visit = Heard(Gateway(answering, Limits(small=10), lambda headers: False), "203.0.113.9", 1000)
        visit.come(1000, last=True)
        await visit.task
        assert visit.status == 413

    with ThreadPoolExecutor(1) as own:
        own.submit(asyncio.run, story()).result()
    (line,) = log.lines("request")
    assert (line["method"], line["status"], line["route"]) == ("POST", 413, "")
    assert line["request_id"] == said[b"x-request-id"].decode()
    assert len(line["request_id"]) == 32
