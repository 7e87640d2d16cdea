"""Processes that are started one by one, as systemd does it: ``manage.py prepare`` and ``manage.py keep``."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings

from marketplace.server import embedded, keeping, secrets_file, serving
from tests import databases
from tests.faults.test_run import PATIENT, children_of, ended, free_port, line_of, stop, until

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("serving")]


def environment(database: str, **further: str) -> dict[str, str]:
    return {
        **os.environ,
        "WEB_WORKERS": "1",
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "DATABASE_URL": database,
        "PYTHONUNBUFFERED": "1",
        **further,
    }


def manage(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A command of the product that ends by itself."""
    line = [sys.executable, "manage.py", *words]
    return subprocess.run(
        line, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, timeout=PATIENT
    )


@contextmanager
def kept(*names: str, **env: str) -> Iterator[subprocess.Popen[str]]:
    """A keeper of these processes."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "keep", *names],
        cwd=settings.BASE_DIR,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        stop(process)


@pytest.fixture
def told(tmp_path) -> Iterator[socket.socket]:
    """Where a process tells systemd how it is."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        line.settimeout(PATIENT)
        yield line


@pytest.fixture
def own_city(rooms_database) -> Iterator[str]:
    """The address of a database that says that it is no demonstration."""
    address = databases.url(rooms_database)
    with psycopg.connect(address, autocommit=True) as line:
        line.execute("UPDATE foundation_city SET demonstration = false")
        yield address
        line.execute("UPDATE foundation_city SET demonstration = true")


def test_a_web_process_alone_is_told_as_ready_once_it_answers_and_leaves_nothing_behind(own_city, told):
    env = environment(own_city, PORT=str(free_port()), NOTIFY_SOCKET=told.getsockname(), METRICS="1")
    assert manage("prepare", **env).returncode == 0
    with kept("web", **env) as process:
        assert told.recv(100) == b"READY=1"
        assert serving.answers(f"http://127.0.0.1:{env['PORT']}/help/")
        lines = [line_of(child) for child in children_of(process)]
        assert any("granian" in line for line in lines)
        assert not any("procrastinate" in line for line in lines)
        small = psutil.Process(process.pid).memory_info().rss
        assert small < 60 * 1024 * 1024, "the keeper has loaded the product"
        (figures,) = settings.VAR.glob(".figures-*")
        second = manage("keep", "web", **env)
        assert second.returncode == 1
        assert "port_in_use" in second.stderr
        children = children_of(process)
        process.terminate()
        assert process.wait(20) == 0
        assert ended(children, 5)
        assert not figures.exists()


def test_a_worker_that_dies_is_started_again_by_its_keeper_which_ends_it_with_itself(rooms_database, told):
    env = environment(databases.url(rooms_database), NOTIFY_SOCKET=told.getsockname())
    with kept("texts", **env) as process:
        assert told.recv(100) == b"READY=1"
        (worker,) = until(lambda: psutil.Process(process.pid).children())
        assert "--queues messages" in line_of(worker)
        worker.kill()
        (fresh,) = until(
            lambda: [each for each in psutil.Process(process.pid).children() if each.pid != worker.pid]
        )
        process.kill()
        process.wait(5)
        assert ended([fresh], 20)


def test_a_process_alone_starts_no_database_and_refuses_what_is_unsafe(rooms_database):
    env = environment("")
    assert "DATABASE_URL names no database" in manage("keep", "clocks", **env).stderr
    env = environment(databases.url(rooms_database), PUBLIC_ADDRESS="https://jiuzhu.example.cn", DEBUG="1")
    for words in (("keep", "web"), ("keep", "texts"), ("prepare",)):
        done = manage(*words, **env)
        assert done.returncode == 1
        assert "DEBUG=1 shows them settings" in done.stderr
        assert "Traceback" not in done.stderr


def test_the_embedded_database_does_not_run_as_root_and_says_so(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("this is for whoever is root")
    done = manage("embedded_database", **environment("", VAR_FOLDER=str(tmp_path)))
    assert "does not run as root" in done.stderr


def test_everything_that_runs_can_be_kept_alone():
    assert set(keeping.NAMES) == {*serving.commands("127.0.0.1", 8000), keeping.DATABASE}


def test_secrets_that_two_starts_make_at_once_are_the_same_for_both(tmp_path):
    """Each of them would sign, encrypt and look up with its own."""
    path, seen = tmp_path / "secrets.env", []
    program = (
        "import os, sys; from pathlib import Path; from marketplace.server import secrets_file;"
        "exists = Path.exists; Path.exists = lambda path: print('looks', flush=True) or sys.stdin.readline() and False;"
        "secrets_file.load(Path(sys.argv[1])); print(os.environ['SECRET_KEY'])"
    )
    env = {name: value for name, value in os.environ.items() if name not in secrets_file.NAMES}
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path)],
            cwd=settings.BASE_DIR,
            env=env,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for each in starts:
        assert each.stdout.readline() == "looks\n"
    for each in starts:
        said, _none = each.communicate("go\n", timeout=20)
        seen.append(said.strip())
    assert seen[0] == seen[1] in path.read_text()
    assert [each.name for each in tmp_path.iterdir()] == ["secrets.env"]


# --- the units of systemd ---------------------------------------------------------------------

UNITS = Path(settings.BASE_DIR) / "deploy" / "systemd"
#: How much a unit may do at most, of 10 (``systemd-analyze security``); the how-to tells these figures.
EXPOSED = {
    "liandong-database": 0.4,
    "liandong-prepare": 1.2,
    "liandong-web": 1.2,
    "liandong-worker@": 1.2,
    "liandong-backup": 1.2,
    "liandong-rehearsal": 1.2,
}


def analyzed(*words: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if not program:
        pytest.skip("there is no systemd-analyze on this machine")
    return subprocess.run([program, *words], capture_output=True, text=True)


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    """As they are, but for the folder in which the product lies here."""
    for unit in UNITS.glob("liandong*"):
        (tmp_path / unit.name).write_text(
            unit.read_text().replace("/srv/liandong/.venv/bin/python", sys.executable)
        )
    names = [str(tmp_path / unit.name.replace("@.", "@clocks.")) for unit in UNITS.glob("liandong*")]
    done = analyzed("verify", "--man=no", *names)
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "liandong" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("unit", EXPOSED)
def test_a_unit_may_do_no_more_than_the_page_says(unit):
    done = analyzed("security", "--offline=true", str(UNITS / f"{unit}.service"))
    (figure,) = re.findall(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert float(figure) <= EXPOSED[unit]
    assert str(EXPOSED[unit]) in (Path(settings.BASE_DIR) / "docs/how-to/put-it-on-a-server.md").read_text()


def test_every_process_has_a_unit_and_every_unit_starts_what_there_is():
    started = set()
    for unit in UNITS.glob("*.service"):
        (line,) = re.findall(r"^ExecStart=\S+ manage.py (.*)$", unit.read_text(), flags=re.M)
        words = line.split()
        if words[0] == "keep":
            started.add(words[1])
    target = (UNITS / "liandong.target").read_text()
    started |= set(re.findall(r"liandong-worker@(\w+)\.service", target))
    assert started - {"%i"} == set(keeping.NAMES)


def test_the_example_of_settings_names_what_is_read_and_the_folder_of_the_embedded_server():
    text = (UNITS / "environment.example").read_text()
    code = (Path(settings.BASE_DIR) / "marketplace" / "settings.py").read_text()
    for name in re.findall(r"^#?([A-Z_]+)=", text, flags=re.M):
        assert f'"{name}"' in code, name
    assert f"host=/var/lib/liandong/{embedded.FOLDER}" in text
