"""``manage.py run``: starts both processes, honours HOST and PORT, and leaves nothing behind."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest
from django.conf import settings

from marketplace.server import embedded, serving
from tests import databases

#: They collect static files into one folder, so one after the other.
pytestmark = [pytest.mark.story, pytest.mark.xdist_group("serving")]


def free_port() -> int:
    """A port that nothing listens on, below those that the system hands out by itself.

    One that the system hands out could go to another test's server between here and the start.
    """
    ports = random.SystemRandom().sample(range(20_000, 30_000), 50)  # hypothesis seeds the other one
    return next(port for port in ports if serving.free("127.0.0.1", port))


def run(database: str, command: str = "run", **further: str) -> subprocess.Popen:
    """A real ``manage.py run`` (or ``serve``) that has just begun, on a port of its own."""
    env = {
        "PORT": str(free_port()),
        "DEMO": "1" if command == "run" else "",
        **os.environ,
        "WEB_WORKERS": "1",
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "DATABASE_URL": database,
        "PYTHONUNBUFFERED": "1",
        **further,
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", command],
        cwd=settings.BASE_DIR,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def started(database: str, **further: str) -> tuple[subprocess.Popen, str]:
    """A real ``manage.py run`` that answers, and its address."""
    port = free_port()
    process = run(database, PORT=str(port), **further)
    return process, until_it_answers(process, f"http://127.0.0.1:{port}")


#: Seconds that a busy machine may need to migrate an empty database and to start.
PATIENT = 600


def until_it_answers(process: subprocess.Popen, address: str) -> str:
    """Wait for the address to answer, and return it; one that does not come up is stopped."""
    end = time.monotonic() + PATIENT
    try:
        while not serving.answers(f"{address}/sign-in/"):
            assert process.poll() is None, "it has ended"
            assert time.monotonic() < end
            time.sleep(0.3)
    except BaseException:
        stop(process)
        raise
    return address


def stop(process: subprocess.Popen) -> None:
    """Asked, not killed: it ends its children by itself, under our hands."""
    if process.poll() is not None and not process.stdout.closed:
        sys.stdout.write(process.stdout.read())  # shown where the test has failed
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


@pytest.fixture(scope="module")
def product(rooms_database):
    """Gives the real ``manage.py run`` of this file and its address, started anew once a test has ended it."""
    starts: list[tuple[subprocess.Popen, str]] = []

    def running() -> tuple[subprocess.Popen, str]:
        if not starts or starts[-1][0].poll() is not None:
            starts.append(started(databases.url(rooms_database)))
        return starts[-1]

    yield running
    for process, _address in starts:
        stop(process)


@pytest.fixture
def running(product):
    return product()


def ended(processes: list[psutil.Process], within: float) -> bool:
    """Whether all are gone, zombies of a parent that does not look aside."""
    _gone, alive = psutil.wait_procs(processes, timeout=within)
    return all(each.status() == psutil.STATUS_ZOMBIE for each in alive if each.is_running())


def children_of(process: subprocess.Popen) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def line_of(child: psutil.Process) -> str:
    """The command of a child; nothing for one that has ended by itself meanwhile."""
    try:
        return " ".join(child.cmdline())
    except psutil.NoSuchProcess:
        return ""


def test_every_file_a_page_asks_for_is_served_under_a_hashed_name(running):
    _process, address = running
    with urlopen(f"{address}/") as answer:
        page = answer.read().decode()
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(files) >= 5
    for path in files:
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", path), path
        with urlopen(address + path) as answer:
            assert answer.status == 200
            assert "immutable" in answer.headers["Cache-Control"]


def test_ctrl_c_leaves_no_process_behind(running):
    process, address = running
    with urlopen(f"{address}/") as answer:
        assert "服务目录" in answer.read().decode()
    children = children_of(process)
    lines = [line_of(child) for child in children]
    assert any("granian" in line for line in lines)
    assert any("procrastinate" in line for line in lines)
    process.send_signal(signal.SIGINT)
    said = process.stdout.read()
    assert process.wait(20) == 0, said
    assert "Demo logins" in said
    for username in ("minzheng", "chuangkou", "jiating"):
        assert username in said
    assert ended(children, 5)


def test_children_do_not_outlive_a_killed_parent(running):
    process, _address = running
    children = children_of(process)
    process.kill()
    process.wait(5)
    assert ended(children, 20)


def child(process: subprocess.Popen, word: str) -> psutil.Process:
    """The child of ``make run`` itself whose command holds the word."""
    return next(c for c in psutil.Process(process.pid).children() if word in line_of(c))


def until(what, within: float = 30):
    """Wait until ``what`` gives something true; return that."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            found = what()
        except (StopIteration, psutil.NoSuchProcess):
            found = None
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def test_whatever_process_dies_is_started_again(running):
    process, address = running
    for word in ("procrastinate", "granian"):
        dead = child(process, word)
        dead.kill()
        fresh = until(lambda word=word, dead=dead: child(process, word).pid != dead.pid)
        assert fresh
        until(lambda: serving.answers(f"{address}/help/"))
    web = child(process, "granian")
    (one,) = web.children()
    one.kill()
    until(lambda: {child.pid for child in web.children()} - {one.pid})
    until(lambda: serving.answers(f"{address}/help/"))
    assert process.poll() is None
    children = children_of(process)
    process.send_signal(signal.SIGTERM)
    said = process.stdout.read()
    assert process.wait(20) == 0
    assert said.count("process.died") == 2
    assert ended(children, 5)


def test_one_that_cannot_live_is_tried_ever_more_seldom_and_stopping_does_not_wait(tmp_path):
    told = tmp_path / "starts"
    program = (
        "import sys; from pathlib import Path; from marketplace.server import serving;"
        f"line = ['sh', '-c', 'date +%s.%N >> {told}; exit 3'];"
        "serving.Processes({'never': line}, Path('.')).wait()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = []
    while sum("process.died" in line for line in lines) < 4:
        lines.append(process.stdout.readline())
        assert lines[-1], "".join(lines)
    asked = time.monotonic()  # eight seconds' pause begin
    process.send_signal(signal.SIGINT)
    said, _none = process.communicate(timeout=60)
    assert process.returncode == 0
    assert time.monotonic() - asked < 6
    told_pauses = re.findall(r"again_in_seconds=(\S+)", "".join(lines) + said)
    assert told_pauses == ["1.0", "2.0", "4.0", "8.0"]
    moments = [float(each) for each in told.read_text().split()]
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert all(real > 0.9 * wanted for real, wanted in zip(pauses, (1, 2, 4), strict=True))
    assert "process=never" in "".join(lines)


def test_two_starts_of_one_checkout_wait_for_one_another(rooms_database):
    collected = settings.VAR / "static"
    lock = collected.parent / f".{collected.name}.lock"
    port = free_port()
    with embedded.exclusive(collected):
        process = run(databases.url(rooms_database), PORT=str(port))
        try:
            end = time.monotonic() + 60
            while str(lock) not in {open_file.path for open_file in psutil.Process(process.pid).open_files()}:
                assert process.poll() is None and time.monotonic() < end
                time.sleep(0.1)
            assert children_of(process) == []
        except BaseException:
            stop(process)
            raise
    until_it_answers(process, f"http://127.0.0.1:{port}")
    stop(process)


def test_the_tests_that_serve_stay_on_one_worker(request):
    if os.environ.get("PYTEST_XDIST_WORKER"):
        assert request.node.nodeid.endswith("@serving")


def test_a_host_may_be_named():
    assert serving.numeric("localhost") == "127.0.0.1"
    assert serving.numeric("::1") == "::1"
    with pytest.raises(OSError):
        serving.numeric("no-such-host.invalid")


def test_a_port_in_use_is_told_with_the_next_one(rooms_database):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        env = {**os.environ, "PORT": str(port), "DEMO": "1", "DJANGO_SETTINGS_MODULE": "marketplace.settings"}
        answer = subprocess.run(
            [sys.executable, "manage.py", "run"],
            cwd=settings.BASE_DIR,
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert answer.returncode != 0
    assert f"PORT={port + 1} make run" in answer.stderr


def test_the_commands_of_the_readme_exist():
    text = (Path(settings.BASE_DIR) / "Makefile").read_text()
    for name in (
        "run",
        "serve",
        "check",
        "test",
        "coverage",
        "help",
        "bench",
        "screenshots",
        "docs",
        "lint",
        "lock",
    ):
        assert f"\n{name}: " in text
