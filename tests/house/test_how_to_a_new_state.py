"""``docs/how-to/a-new-state.md`` is done, block by block, in a copy of the product, which then is right for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.house import naming
from tests.house.how_to import applied, blocks

pytestmark = pytest.mark.slow

HOW_TO = naming.ROOT / "docs" / "how-to" / "a-new-state.md"
#: What compiles the texts, as ``make messages`` does in the end.
COMPILE = (
    "-m",
    "babel.messages.frontend",
    "--quiet",
    "compile",
    "--domain",
    "django",
    "--directory",
    "locale",
)


@contextmanager
def copied(name: str) -> Iterator[Path]:
    """A copy of all files of the product, in which a server of its own keeps its databases."""
    folder = naming.ROOT / "var" / name
    shutil.rmtree(folder, ignore_errors=True)
    for file in naming.files():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(naming.ROOT / file, folder / file)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def copy() -> Iterator[Path]:
    """The copy in which the how-to is done."""
    with copied("a-new-state") as folder:
        yield folder


def run(folder: Path, *arguments: str) -> str:
    """Run Python in the copy, in a process of its own; what it said. Fails the test where that fails."""
    apart = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PYTEST_ADDOPTS")
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *arguments],
        cwd=folder,
        env={**apart, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, f"{' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_a_referral_on_hold_is_right_everywhere_by_what_the_how_to_says(copy):
    for block in blocks(HOW_TO):
        if block.language != "sh":
            block.do(copy)
            continue
        run(copy, *COMPILE)
        for line in block.text.splitlines():
            run(copy, *line.split())
    run(copy, "manage.py", "check")
    run(copy, "manage.py", "makemigrations", "--check", "--dry-run")
    found = run(
        copy, "-m", "pytest", "-v", "--no-header", "-p", "no:cacheprovider", "tests/referrals/on_hold.py"
    )
    sys.stdout.write(found)


def test_the_how_to_changes_the_files_that_it_names():
    files = {block.file for block in blocks(HOW_TO) if block.language != "sh"}
    assert files == {
        "referrals/offers/states.py",
        "referrals/offers/models.py",
        "referrals/service/delivery.py",
        "locale/en/LC_MESSAGES/django.po",
    }


def test_a_difference_is_applied_where_its_lines_are():
    assert applied("a = 1\nb = 2\n", " a = 1\n-b = 2\n+b = 3\n+c = 4\n") == "a = 1\nb = 3\nc = 4\n"
    with pytest.raises(ValueError, match="not there once"):
        applied("a = 1\n", " b = 1\n+c = 1\n")
    with pytest.raises(ValueError, match="not there once"):
        applied("a = 1\na = 1\n", " a = 1\n+c = 1\n")
