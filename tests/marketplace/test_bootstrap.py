"""``deploy/bootstrap``: two first starts at once make one environment, one after the other."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

#: A Python that tells what it makes and installs, slowly, instead of doing it.
_PYTHON = r"""#!/bin/sh
case "$*" in
"-m venv "*) what=venv ;;
"-m pip "*) what=pip ;;
*) exec {python} "$@" ;;
esac
echo "$what begins" >>"{told}"
sleep 0.7
if [ "$what" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; fi
echo "$what ends" >>"{told}"
"""
#: What the script uses, beside what the shell has.
TOOLS = [
    "sh",
    "dirname",
    "grep",
    "ldconfig",
    "ls",
    "mktemp",
    "tail",
    "rm",
    "cp",
    "mkdir",
    "sha256sum",
    "cut",
    "cat",
    "id",
    "sleep",
    "env",
    "useradd",
]


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A checkout that nothing is installed for."""
    for name in ("deploy", "locale/en/LC_MESSAGES", "bin"):
        (tmp_path / name).mkdir(parents=True)
    shutil.copy(settings.BASE_DIR / "deploy/bootstrap", tmp_path / "deploy")
    for name in ("requirements.lock", "locale/en/LC_MESSAGES/django.po", "locale/en/LC_MESSAGES/django.mo"):
        (tmp_path / name).touch()
    python = tmp_path / "slow-python"
    python.write_text(_PYTHON.format(python=sys.executable, told=tmp_path / "told"))
    python.chmod(0o755)
    apt = tmp_path / "bin/apt-get"  # nothing is installed on this machine
    apt.write_text("#!/bin/sh\n")
    apt.chmod(0o755)
    return tmp_path


def begun(checkout: Path, **env: str) -> subprocess.Popen[str]:
    """A start of the checkout."""
    path = f"{checkout / 'bin'}:{os.environ['PATH']}:/sbin:/usr/sbin"
    named = {"PATH": path, "PYTHON": str(checkout / "slow-python"), "VENV": ".venv", **env}
    return subprocess.Popen(
        [shutil.which("sh"), str(checkout / "deploy/bootstrap"), "run"],
        env={"LANG": "C.UTF-8", **named},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


MADE_ONCE = ["venv begins", "venv ends", "pip begins", "pip ends"]


@pytest.mark.skipif(not shutil.which("flock"), reason="there is no flock on this machine")
def test_two_first_starts_make_one_environment_and_both_go_on(checkout):
    starts = [begun(checkout) for _ in range(3)]
    said = [each.communicate(timeout=60)[0] for each in starts]
    assert [each.returncode for each in starts] == [0, 0, 0], said
    assert (checkout / "told").read_text().splitlines() == MADE_ONCE
    assert sum("Waiting for another start" in each for each in said) >= 1
    assert (checkout / ".venv/installed-run").exists()


def test_a_start_that_was_killed_keeps_nobody_waiting(checkout):
    killed = begun(checkout)
    while not (checkout / "told").exists():
        assert killed.poll() is None
    killed.kill()
    killed.communicate(timeout=60)
    (checkout / ".venv").mkdir(exist_ok=True)
    said = begun(checkout).communicate(timeout=60)[0]
    assert "Installing the packages" in said


def test_where_there_is_no_flock_it_goes_on_without(checkout):
    path = checkout / "tools"
    path.mkdir()
    for tool in TOOLS:
        if found := shutil.which(tool, path=f"{os.environ['PATH']}:/sbin:/usr/sbin"):
            (path / tool).symlink_to(found)
    (path / "apt-get").symlink_to(checkout / "bin/apt-get")
    text = (checkout / "deploy/bootstrap").read_text().replace(":/sbin:/usr/sbin", "")
    (checkout / "deploy/bootstrap").write_text(text)
    start = begun(checkout, PATH=str(path))
    said = start.communicate(timeout=60)[0]
    assert start.returncode == 0, said
    assert (checkout / "told").read_text().splitlines() == MADE_ONCE
    assert not (checkout / ".venv.lock").exists()


def test_where_the_environment_is_not_ours_to_lock_it_goes_on_without(checkout):
    start = begun(checkout, VENV="nowhere/venv")
    said = start.communicate(timeout=60)[0]
    assert start.returncode == 0, said
    assert (checkout / "told").read_text().splitlines() == MADE_ONCE
