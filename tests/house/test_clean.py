"""``make clean`` deletes a database only where somebody says so, and secrets only where somebody says that, too."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.packages import ROOT


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A checkout in which the product has run."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy" / "clean", tmp_path / "deploy")
    for folder in (".venv/bin", "var/static", "var/postgres/base", "var/postgres-test"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").touch()
    (tmp_path / "var" / "postgres" / "base" / "1").write_bytes(b"x" * 3_000_000)
    (tmp_path / "var" / "secrets.env").write_text("SECRET_KEY=x")
    return tmp_path


def clean(checkout: Path, *typed: str, terminal: bool = True, **said: str) -> tuple[int, str]:
    """Exit code and words of ``deploy/clean``, of somebody at a terminal who types these lines."""
    env = {"PATH": os.environ["PATH"], **said}
    hand, keyboard = pty.openpty()
    try:
        os.write(hand, "".join(f"{line}\n" for line in typed).encode())
        done = subprocess.run(
            [checkout / "deploy" / "clean"],
            env=env,
            stdin=keyboard if terminal else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=30,
        )
    finally:
        os.close(hand)
        os.close(keyboard)
    return done.returncode, done.stdout


def left(checkout: Path) -> set[str]:
    found = {str(each.relative_to(checkout)) for each in [*checkout.glob("*"), *checkout.glob("var/*")]}
    return found - {"deploy", "var"}


EVERYTHING = {".venv", "var/static", "var/postgres", "var/postgres-test", "var/secrets.env"}


def test_it_says_which_database_and_how_large_and_asks_for_the_word(checkout):
    code, said = clean(checkout, "yes")
    assert code == 1
    assert f"{checkout}/var/postgres (2.9M)" in said
    assert left(checkout) == EVERYTHING


def test_the_word_deletes_all_but_the_secrets(checkout):
    assert clean(checkout, "delete", "")[0] == 0
    assert left(checkout) == {"var/secrets.env"}


def test_another_word_deletes_the_secrets_too(checkout):
    assert clean(checkout, "delete", "secrets")[0] == 0
    assert left(checkout) == set()


def test_without_a_terminal_nothing_is_deleted_unless_that_is_said(checkout):
    code, said = clean(checkout, terminal=False)
    assert code == 1
    assert "YES=1 make clean" in said
    assert left(checkout) == EVERYTHING
    assert clean(checkout, terminal=False, YES="1")[0] == 0
    assert left(checkout) == {"var/secrets.env"}
    assert clean(checkout, terminal=False, SECRETS="1")[0] == 0
    assert left(checkout) == set()


def test_where_there_is_no_database_nobody_is_asked(checkout):
    shutil.rmtree(checkout / "var" / "postgres")
    assert clean(checkout, terminal=False)[0] == 0
    assert left(checkout) == {"var/secrets.env"}


def test_a_database_in_use_is_not_deleted(checkout):
    folder = checkout / "var" / "postgres"
    with subprocess.Popen(["sleep", "60"], cwd=folder) as server:
        try:
            (folder / "postmaster.pid").write_text(f"{server.pid}\n")
            code, said = clean(checkout, terminal=False, YES="1")
        finally:
            server.kill()
    assert code == 1
    assert "Stop the product first" in said
    assert left(checkout) == EVERYTHING


@pytest.mark.parametrize("database", [True, False])
@pytest.mark.parametrize("said", [{"YES": "1", "SECRETS": "1"}, {}])
def test_what_the_product_did_not_make_stays_and_is_told(checkout, database, said):
    if not database:
        shutil.rmtree(checkout / "var" / "postgres")
    own = {"var/my-backup-2026.bak", "var/notes of May", "var/.hidden", "var/postgres-old"}
    for name in own:
        (checkout / name).write_text("kept")
    code, words = clean(checkout, *(("delete",) if database else ()), "secrets", **said)
    assert code == 0
    assert left(checkout) | {"var/.hidden"} == own
    assert all((checkout / name).read_text() == "kept" for name in own)
    assert all(f"{name} stays" in words for name in own)


def test_all_that_the_product_makes_goes(checkout):
    made = ("screenshots/a", "ocds/a", ".figures-1/a", ".restore-1/a", "static-test/a", "postgres-bench/a")
    for name in (*made, ".postgres.lock", ".static.lock", "fresh-debian.tar"):
        (checkout / "var" / name).parent.mkdir(exist_ok=True)
        (checkout / "var" / name).touch()
    code, words = clean(checkout, terminal=False, YES="1", SECRETS="1")
    assert code == 0
    assert "stays" not in words
    assert not (checkout / "var").exists()


def test_a_folder_that_is_no_environment_is_not_deleted(checkout):
    (checkout / "documents").mkdir()
    code, words = clean(checkout, "delete", "secrets", VENV="documents")
    assert code == 1
    assert "documents is no environment" in words
    assert left(checkout) == EVERYTHING | {"documents"}


def test_make_clean_is_this():
    recipe = (ROOT / "Makefile").read_text().partition("\nclean:")[2]
    assert "deploy/clean" in recipe
    assert "rm " not in recipe
