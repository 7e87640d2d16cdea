"""What the documentation names is there: files, modules, functions, rules, commands, addresses, links."""

from __future__ import annotations

import ast
import re
import textwrap
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from foundation.lifecycle.acting import Action
from foundation.lifecycle.table import Lifecycle
from marketplace.backups import archive
from tests.house import naming
from tests.house.packages import ROOT

TEXTS = sorted([ROOT / "README.md", ROOT / "UPGRADE.md", *(ROOT / "docs").rglob("*.md")])

FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)")
COMMAND = re.compile(r"\b(make|manage\.py) ([a-z_]+)")
#: A name that something is done with, as in ``visible_to(actor)``.
CALLED = re.compile(r"@?([A-Za-z_][\w.]*)\(")

#: What no snapshot of the repository holds: made by ``make run``, or by who puts it on a server.
MADE = ("var/", ".venv/", "/etc/", "/srv/", "/var/", "/root")
#: Words of others that our code does not use: PostgreSQL's, a standard's, and what was weighed; and the
#: name that stands for any table.
OF_OTHERS = frozenset(
    [
        "COPY",
        "LIKE",
        "BYPASSRLS",
        "lock_timeout",
        "tsvector",
        "pg_trgm",
        "pg_bigm",
        "service_capacity",
        "limit_conn",
        "root",
        "RestartSteps",
        "fuzzy",
        "scipy",
        "statsmodels",
        "waitress",
        "Authlib",
        "usersessions",
        "socialaccount",
        "headless",
        "djlint",
        "TABLE",
    ]
)
#: What an example or a command makes, on the page that makes it.
OF_EXAMPLES = {
    "how-to/a-new-state.md": {"ON_HOLD", "hold"},
    "how-to/a-new-field.md": {"interpreter", "Interpreter"},
    "how-to/back-up-and-restore.md": {archive.MANIFEST, archive.DUMP, "secrets.env"},
    "how-to/put-it-on-a-server.md": {"liandong.tar.gz"},
}


def spans(text: Path) -> Iterator[str]:
    """What stands between backticks outside of blocks of code."""
    yield from SPAN.findall(FENCED.sub("", text.read_text()))


def missing(said: str) -> bool:
    """Whether ``said`` names something that is not there; what names nothing of ours is not missing."""
    path, _, test = said.partition("::")
    if said.startswith(MADE) or "://" in said or said[0].isdigit():
        return False
    if re.fullmatch(r"/[\w./-]*", said):
        return not naming.is_address(said)
    if re.fullmatch(
        r"[\w./-]+(/|\.(py|js|css|html|yaml|yml|md|csv|toml|po|sql|lock))|[\w.-]+/[\w./-]+", path
    ):
        return not naming.is_file(path) or bool(test and f"def {test}(" not in (ROOT / path).read_text())
    if re.fullmatch(r"\w+(\.\w+)+|[\w.]+\.\*", said):
        return not (naming.is_rule(said) or naming.is_defined(said))
    if re.fullmatch(r"[a-z][a-z_]*|[A-Z][A-Za-z_]+", said):
        return not is_known(said)
    called = CALLED.match(said)
    return bool(called) and not all(is_known(word) for word in called[1].split("."))


def is_known(word: str) -> bool:
    """Whether it is a word of ours, a command, or one that others are known to use."""
    return naming.is_word(word) or naming.is_command(word) or word in OF_OTHERS


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.relative_to(ROOT).as_posix())
def test_what_a_text_names_is_there(text):
    examples = next((OF_EXAMPLES[name] for name in OF_EXAMPLES if text.as_posix().endswith(name)), set())
    assert [said for said in spans(text) if said not in examples and missing(said)] == []


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.relative_to(ROOT).as_posix())
def test_links_lead_to_files_and_commands_are_known(text):
    written = text.read_text()
    local = [link for link in LINK.findall(written) if not re.match(r"\w+:", link)]
    assert [link for link in local if not (text.parent / link).exists()] == []
    code = [*spans(text), *(block for _, _, block in FENCED.findall(written))]
    known = {"make": naming.targets().__contains__, "manage.py": naming.is_command}
    commands = {found for said in code for found in COMMAND.findall(said)}
    assert {(tool, name) for tool, name in commands if not known[tool](name)} == set()


def test_examples_in_python_use_what_tables_and_actions_have():
    """``@REFERRAL.transition("hold")``, ``@hold.then``: the decorators of the how-tos exist."""
    decorators = {
        node.attr
        for text in TEXTS
        for _, language, block in FENCED.findall(text.read_text())
        if language == "python"
        for function in ast.walk(ast.parse(textwrap.dedent(block)))
        if isinstance(function, ast.FunctionDef)
        for decorator in function.decorator_list
        for node in ast.walk(decorator)
        if isinstance(node, ast.Attribute)
    }
    assert decorators, "no how-to shows an action"
    assert {name for name in decorators if not (hasattr(Lifecycle, name) or hasattr(Action, name))} == set()


def test_no_decision_stands_twice():
    rows = re.findall(
        r"^\| ([^|]+) \|", (ROOT / "docs" / "decisions" / "README.md").read_text(), re.MULTILINE
    )
    assert [decision for decision, times in Counter(rows).items() if times > 1] == []


def test_the_map_of_the_house_names_every_folder():
    """Folders of the root, with a slash, in the README's map; packages in their order on the page of floors."""
    drawn = FENCED.search((ROOT / "README.md").read_text().partition("## The map of the house")[2])
    folders = {name.partition("/")[0] for name in naming.files() if "/" in name and not name.startswith(".")}
    assert drawn and set(re.findall(r"(\w+)/", drawn[3])) == folders
    floors = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0][
        "layers"
    ]
    assert f"`{' < '.join(reversed(floors))}`" in (ROOT / "docs" / "architecture.md").read_text()


@pytest.mark.parametrize(
    "said",
    [
        "referrals/offering.py",
        "referrals.offering.send",
        "offering.send_away",
        "tests/house/test_docs.py::test_of_nothing",
        "/no-such-page/",
        "lifecycle.py",
        "NoSuchModel",
        "@REFERRAL.movement(x)",
    ],
)
def test_what_is_gone_is_noticed(said):
    assert missing(said)


@pytest.mark.parametrize(
    "said",
    [
        "referrals/offers/offering.py",
        "referrals.offers.offering.send",
        "offering.send",
        "referrals.Referral",
        "households.new_phone",
        "/referrals/",
        "var/postgres",
        "states.py",
        "pgtrigger.Trigger",
    ],
)
def test_what_is_there_is_found(said):
    assert not missing(said)
