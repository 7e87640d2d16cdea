"""``manage.py run``: starts both processes, honours HOST and PORT, and leaves nothing behind."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest
from django.conf import settings

from marketplace import serving

#: They collect static files into one folder, so one after the other.
pytestmark = pytest.mark.xdist_group("serving")


def free_port() -> int:
    """A port that nothing listens on, below those that the system hands out by itself.

    One that the system hands out could go to another test's server between here and the start.
    """
    ports = random.sample(range(20_000, 30_000), 50)
    return next(port for port in ports if serving.free("127.0.0.1", port))


@pytest.fixture
def running(own_database):
    """A real ``manage.py run`` on a copy of the starter database; yields process and address."""
    port = free_port()
    env = {
        **os.environ, "PORT": str(port), "WEB_WORKERS": "1", "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "DATABASE_URL": f"postgresql://postgres:@/{own_database}?host={settings.DATABASES['default']['HOST']}",
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run"], cwd=settings.BASE_DIR, env=env, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + 60
        while not serving.answers(f"{address}/sign-in/"):
            assert process.poll() is None, process.stdout.read()
            assert time.monotonic() < end
            time.sleep(0.3)
        yield process, address
        if process.poll() is not None and not process.stdout.closed:
            sys.stdout.write(process.stdout.read())  # shown where the test has failed
    finally:
        # Asked, not killed: with one child gone it ends the others by itself, under our hands.
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


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


def test_a_dead_worker_ends_the_whole_with_a_fault(running):
    process, _address = running
    worker = next(c for c in children_of(process) if "procrastinate" in line_of(c))
    worker.kill()
    assert process.wait(20) == 1


def test_a_host_may_be_named():
    assert serving.numeric("localhost") == "127.0.0.1"
    assert serving.numeric("::1") == "::1"
    with pytest.raises(OSError):
        serving.numeric("no-such-host.invalid")


def test_a_port_in_use_is_told_with_the_next_one(own_database):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        env = {**os.environ, "PORT": str(port), "DJANGO_SETTINGS_MODULE": "marketplace.settings"}
        answer = subprocess.run(
            [sys.executable, "manage.py", "run"], cwd=settings.BASE_DIR, env=env, capture_output=True,
            text=True, timeout=60,
        )  # fmt: skip
    assert answer.returncode != 0
    assert f"PORT={port + 1} make run" in answer.stderr


def test_every_file_a_page_asks_for_is_served_under_a_hashed_name(running):
    import re

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


def test_the_commands_of_the_readme_exist():
    text = (Path(settings.BASE_DIR) / "Makefile").read_text()
    for name in ("run", "test", "help", "bench", "screenshots", "docs", "lint", "lock"):
        assert f"\n{name}: " in text
