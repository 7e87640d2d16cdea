"""What a killed process has left is cleared away, what another works in is not, and a whole file survives a crash."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError

from marketplace.backups import taking
from marketplace.server import embedded, kept_files, secrets_file, serving
from marketplace.server.kept_files import working_folder

#: Works in a folder until it is killed.
WORK = (
    "import sys, time; from pathlib import Path; from marketplace.server.kept_files import working_folder\n"
    "with working_folder('.backup-', Path(sys.argv[1])) as folder:\n"
    "    (folder / 'database.dump').touch(); print(folder, flush=True); time.sleep(600)\n"
)


def at_work(parent: Path) -> tuple[subprocess.Popen[str], Path]:
    """A process that works in a folder, and the folder."""
    line = [sys.executable, "-c", WORK, str(parent)]
    process = subprocess.Popen(line, cwd=settings.BASE_DIR, text=True, stdout=subprocess.PIPE)
    return process, Path(process.stdout.readline().strip())


def aged(path: Path, seconds: float) -> None:
    os.utime(path, (time.time() - seconds, time.time() - seconds), follow_symlinks=False)


def test_what_a_killed_process_has_left_is_deleted_by_the_next_and_what_others_work_in_is_not(tmp_path):
    killed, left = at_work(tmp_path)
    killed.kill()
    killed.communicate()
    lives, used = at_work(tmp_path)
    try:
        assert left.exists()  # too young to be told from one that is just being made
        for folder in (left, used):
            aged(folder, 2 * 60)
        with working_folder(".backup-", tmp_path) as mine:
            assert sorted(tmp_path.iterdir()) == sorted([used, mine])
            assert (used / "database.dump").exists()
        assert list(tmp_path.iterdir()) == [used]
    finally:
        lives.kill()
        lives.communicate()


def test_only_folders_of_ours_are_deleted(tmp_path):
    old = [tmp_path / name for name in (".backup-1", ".backup-2", ".restore-3", "backups")]
    for each in old:
        each.mkdir()
    (tmp_path / ".backup-file").touch()
    (tmp_path / ".backup-link").symlink_to(old[3])
    for path in tmp_path.iterdir():
        aged(path, 2 * 24 * 3600)
    with working_folder(".backup-", tmp_path):
        pass
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {".restore-3", "backups", ".backup-file", ".backup-link"}


def test_figures_of_a_killed_start_are_deleted_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setenv("METRICS", "1")
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    (tmp_path / ".figures-old").mkdir()
    aged(tmp_path / ".figures-old", 3600)
    with serving.figures(tmp_path):
        assert len(list(tmp_path.iterdir())) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def done(monkeypatch) -> list[str]:
    """What is written to the disk and named, in its order."""
    found: list[str] = []
    fsync, replace, link = os.fsync, Path.replace, os.link
    monkeypatch.setattr(os, "fsync", lambda file: (found.append(_name(file)), fsync(file))[1])
    monkeypatch.setattr(Path, "replace", lambda path, to: (found.append("named"), replace(path, to))[1])
    monkeypatch.setattr(os, "link", lambda path, to: (found.append("named"), link(path, to))[1])
    return found


def _name(file: int) -> str:
    return Path(f"/proc/self/fd/{file}").readlink().name


def test_a_backup_is_on_the_disk_before_it_has_its_name_and_the_name_before_it_is_said(
    tmp_path, monkeypatch, done
):
    monkeypatch.setattr(taking, "_dump", lambda dump: None)
    monkeypatch.setattr(taking.archive, "write", lambda path, manifest, dump: path.write_text("backup"))
    taking.take(tmp_path / "city.backup")
    assert done == ["draft", "named", tmp_path.name]
    assert [path.name for path in tmp_path.iterdir()] == ["city.backup"]


def test_secrets_are_on_the_disk_before_anything_is_encrypted_with_them(tmp_path, monkeypatch, done):
    for name in secrets_file.NAMES:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    secrets_file.load(tmp_path / "secrets.env")
    assert done == [f"secrets.env.{os.getpid()}", "named", tmp_path.name]


# --- folders where everybody may make one -----------------------------------------------------------


@pytest.fixture
def shared(tmp_path, monkeypatch) -> Path:
    """Where everybody may make folders."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    return tmp_path


def places(shared: Path) -> dict[str, Path]:
    number = os.geteuid()
    return {"runtime": shared / f"liandong-{number}", "sockets": shared / f"liandong-sockets-{number}"}


def ask(kind: str, shared: Path) -> None:
    """Have the folder of that kind made, or taken."""
    if kind == "runtime":
        embedded.runtime_directory()
    else:
        data = shared / "two words"
        data.mkdir(exist_ok=True)
        embedded._socket_folder(data, data)


@pytest.mark.parametrize("kind", ["runtime", "sockets"])
def test_a_folder_is_made_and_taken_again(kind, shared):
    for _ in range(2):
        ask(kind, shared)
        os.environ.pop("XDG_RUNTIME_DIR", None)
    mode = places(shared)[kind].stat().st_mode & 0o777
    assert mode == (0o700 if kind == "runtime" else 0o755)


@pytest.mark.parametrize("kind", ["runtime", "sockets"])
def test_a_folder_that_leads_elsewhere_is_refused_in_words_and_left_as_it_is(kind, shared):
    elsewhere = shared / "elsewhere"
    elsewhere.mkdir(mode=0o711)
    places(shared)[kind].symlink_to(elsewhere)
    with pytest.raises(CommandError, match="leads elsewhere"):
        ask(kind, shared)
    assert elsewhere.stat().st_mode & 0o777 == 0o711
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("kind", ["runtime", "sockets"])
def test_a_folder_of_somebody_else_is_refused_in_words(kind, shared, monkeypatch):
    """Somebody else has made the folder that has this user's number in its name."""
    number = os.geteuid() + 1
    for name in ("liandong", "liandong-sockets"):
        (shared / f"{name}-{number}").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: number)
    with pytest.raises(CommandError, match="belongs to another user"):
        ask(kind, shared)


# --- how long one may take to end -------------------------------------------------------------------

_STOPPED = """
import sys
from pathlib import Path
from marketplace.server import serving

serving.GRACE, serving.GRACES = 0.5, {"database": 20.0}
slow = "import signal, sys, time\\n" \
    "def end(*_): time.sleep(2); open(sys.argv[1], 'w').close(); sys.exit()\\n" \
    "signal.signal(signal.SIGINT, end); signal.signal(signal.SIGTERM, end)\\n" \
    "open(sys.argv[1] + '.begun', 'w').close()\\n" \
    "while True: time.sleep(1)"
folder = Path(sys.argv[1])
lines = {name: [sys.executable, "-c", slow, str(folder / name)] for name in ("database", "web")}
processes = serving.Processes(lines, folder)
processes.until_ready(lambda: len(list(folder.glob("*.begun"))) == 2)
processes.stop()
"""


def test_a_database_has_time_to_write_its_memory_down_and_the_others_are_not_waited_for_so_long(tmp_path):
    line = [sys.executable, "-c", _STOPPED, str(tmp_path)]
    subprocess.run(line, cwd=settings.BASE_DIR, check=True, timeout=60)
    ended = {path.name for path in tmp_path.iterdir() if path.suffix != ".begun"}
    assert ended == {"database"}


def test_systemd_gives_the_database_more_time_than_its_keeper_does():
    unit = (settings.BASE_DIR / "deploy/systemd/liandong-database.service").read_text()
    assert f"TimeoutStopSec={serving.GRACES['database'] + 10:.0f}s" in unit
    assert serving.GRACES["database"] > serving.GRACE


def test_the_lock_of_a_folder_ends_with_its_process(tmp_path):
    with working_folder(".backup-", tmp_path) as folder:
        assert not kept_files._abandoned(folder)
    folder.mkdir()
    assert kept_files._abandoned(folder)
