"""What holds the house together: floors, drawings, words, and nothing from outside."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command

from foundation.lifecycle import diagrams
from marketplace import permissions_table
from tests.house.packages import FLOORS, ROOT, sources, tracked


def test_no_package_imports_from_a_floor_above():
    linter = Path(sys.executable).parent / "lint-imports"
    answer = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout


def test_a_package_imports_upward_inside_functions_neither():
    """import-linter reads these too; here the order of the rooms is spelt out once more."""
    for path in sources():
        room = path.relative_to(ROOT).parts[0]
        above = set(FLOORS[FLOORS.index(room) + 1 :])
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not {name.split(".")[0] for name in names} & above, path


def test_the_drawings_of_the_lifecycles_are_up_to_date():
    assert diagrams.stale(ROOT / "docs" / "lifecycles") == [], "run: make docs"


def test_a_stale_drawing_is_noticed(tmp_path):
    diagrams.write(tmp_path)
    assert diagrams.stale(tmp_path) == []
    page = tmp_path / "referrals-referral.md"
    page.write_text(page.read_text().replace("接受转介", "接收"))
    (tmp_path / "gone.md").write_text("x")
    assert diagrams.stale(tmp_path) == ["gone.md", "referrals-referral.md"]
    assert diagrams.write(tmp_path) == ["gone.md", "referrals-referral.md"]


def test_the_access_page_is_up_to_date():
    assert (ROOT / "docs" / "access.md").read_text() == permissions_table.markdown(), "run: make docs"


def test_the_checks_of_the_start_pass():
    call_command("check", fail_level="WARNING")


def test_nobody_sets_a_status_by_hand():
    """Only ``acting`` writes the column of a lifecycle."""
    for path in sources():
        if path.name in ("acting.py", "seed_scale.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    held = getattr(getattr(target, "value", None), "id", "")
                    # A document is no lived thing; its status is the progress of its making.
                    if getattr(target, "attr", "") == "status" and held != "document":
                        pytest.fail(f"{path}:{node.lineno} sets a status")


def test_there_are_no_signals_no_utils_and_no_logic_in_save():
    for path in sources():
        text = path.read_text()
        assert "utils" not in path.stem, path
        assert not re.search(r"signals import|@receiver", text), path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert node.name != "save" or path.name == "keeping.py", path


def test_the_version_is_that_of_the_newest_changes():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest and newest[1] == project["version"]


def test_each_dependency_says_why_it_is_there():
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)
    for name in (*project["project"]["dependencies"], *project["dependency-groups"]["dev"]):
        assert re.search(rf'^    "{re.escape(name)}",  # \w', text, re.MULTILINE), name


def test_no_file_has_grown_beyond_a_room():
    crowded = {str(p): n for p in sources() if (n := len(p.read_text().splitlines())) > 400}
    assert crowded == {}


def test_no_page_loads_anything_from_another_host():
    for path in [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").rglob("*.*")]:
        for found in re.findall(
            r"(?:src|href|url|action|fetch)\s*[=(]\s*[\"']?(https?:)?//", path.read_text()
        ):
            pytest.fail(f"{path}: {found}")


def test_no_page_has_inline_script_or_style():
    for path in (ROOT / "templates").rglob("*.html"):
        if "documents" in path.parts:
            continue  # PDFs carry their own style and run no script
        text = path.read_text()
        assert not re.search(r"<style|<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", text), path


def test_no_file_names_a_package_index_or_a_path_of_a_machine():
    index = re.compile(r"(index-url|files\.pythonhosted|pypi\.org|registry\.npmjs|deb\.debian)")
    here = str(ROOT.parent) + "/"
    for path in tracked():
        if path.suffix in (".png", ".zip") or path == Path(__file__):
            continue
        text = path.read_text(errors="ignore")
        assert not index.search(text), path
        assert here not in text, path


def test_every_requirement_is_pinned_by_its_hash():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        pins = re.findall(r"^([a-z0-9][\w.-]*)==", text, re.MULTILINE)
        blocks = re.split(r"^(?=[a-z0-9][\w.-]*==)", text, flags=re.MULTILINE)[1:]
        assert len(pins) == len(blocks) > 30
        assert all("--hash=sha256:" in block for block in blocks)


def test_whole_numbers_are_read_by_one_helper():
    """``str.isdigit`` takes a small 2 above the line, and ``int`` the digits of every script."""
    for path in sources():
        assert not re.search(r"\.is(?:digit|numeric|decimal)\(", path.read_text()), path


def test_forms_take_numbers_and_days_by_fields_that_read_what_people_type():
    plain = re.compile(r"= forms\.(?:Integer|Decimal|Float|Date|DateTime|Time|Regex)Field\(")
    for path in sources():
        assert not plain.search(path.read_text()), path
