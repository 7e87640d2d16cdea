"""The styles are ours alone and small; what they name is drawn, and what is drawn they name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.contrib.messages.constants import DEFAULT_TAGS

from foundation.ui.chips import ICONS
from tests.house.packages import ROOT

SHEETS = sorted((ROOT / "static" / "liandong" / "css").glob("*.css"))
LINKS = ROOT / "templates" / "components" / "styles.html"

#: A class stands in markup, in the attributes of a widget or in a script.
DRAWN = re.compile(
    r"""\bclass=\\?["']([^"']*)["']|"class":\s*"([^"]*)"|className = "([^"]*)"|classList\.\w+\("([^"]*)"\)|\{% card [^%]*kind=(?:\w+\|yesno:)?"([^"]*)\""""
)
#: What a template puts in is known at run time alone.
PUT_IN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
#: A card takes a further class by its tag.
CARD = re.compile(r"""\{% card\b[^%]*?\bkind=["']([^"']*)["']""")
NAME = re.compile(r"[a-z][a-z0-9-]*")


def text_of(sheet: Path) -> str:
    """A file of styles without its comments."""
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)


def rules(sheet: Path) -> Iterator[tuple[str, str]]:
    """(medium, selectors) of every rule of a file; the medium is "" where it is for all."""
    medium = ""
    for head, mark in re.findall(r"([^{}]*)([{}])", text_of(sheet)):
        head = " ".join(head.split())
        if head.startswith("@media"):
            medium = head
        elif mark == "{":
            yield medium, head
        elif not head:  # nothing before it: it closes the medium, not a rule
            medium = ""


def selectors(sheet: Path) -> set[str]:
    """Every selector of a file, one by one."""
    return {each.strip() for _, heads in rules(sheet) for each in re.split(r",(?![^(]*\))", heads)}


def defined() -> set[str]:
    """Every class that the styles name."""
    every = " ".join(selector for sheet in SHEETS for selector in selectors(sheet))
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", every))


def drawn() -> dict[str, str]:
    """Every class that a page, a widget or a script bears, and where. PDFs carry a style of their own."""
    templates = ROOT / "templates"
    pages = [path for path in templates.rglob("*.html") if templates / "documents" not in path.parents]
    code = [
        path
        for path in ROOT.glob("[a-z]*/**/*.py")
        if path.relative_to(ROOT).parts[0] not in ("tests", "var")
    ]
    scripts = (ROOT / "static" / "liandong").glob("*.js")
    found: dict[str, str] = {}
    for path in [*pages, *code, *scripts]:
        text = path.read_text()
        said = [*CARD.findall(text), *("".join(groups) for groups in DRAWN.findall(PUT_IN.sub(" ", text)))]
        names = [name for each in said for name in each.replace(",", " ").split() if NAME.fullmatch(name)]
        found |= dict.fromkeys(names, str(path.relative_to(ROOT)))
    return found


def tones() -> set[str]:
    """The classes that are put in at run time: of deadlines, of chips and of messages."""
    return {"late", "soon", "calm", *ICONS, *DEFAULT_TAGS.values()}


def test_every_class_of_a_page_is_defined():
    known = defined()
    assert {name: path for name, path in drawn().items() if name not in known} == {}


def test_every_defined_class_is_on_a_page():
    assert defined() - set(drawn()) - tones() == set()


def test_every_custom_property_is_defined_and_used():
    text = "".join(text_of(sheet) for sheet in SHEETS)
    assert set(re.findall(r"var\((--[\w-]+)", text)) == set(re.findall(r"(--[\w-]+):", text))


def test_no_selector_is_defined_in_two_files():
    homes = Counter(selector for sheet in SHEETS for selector in selectors(sheet))
    assert [selector for selector, files in homes.items() if files > 1] == []


def test_no_rule_is_written_twice_for_one_medium():
    for sheet in SHEETS:
        written = Counter(rules(sheet))
        assert [rule for rule, times in written.items() if times > 1] == [], sheet.name


def test_every_file_of_styles_is_on_every_page_and_all_are_small():
    linked = re.findall(r"liandong/css/([\w-]+\.css)", LINKS.read_text())
    assert sorted(linked) == [sheet.name for sheet in SHEETS]
    assert sum(sheet.stat().st_size for sheet in SHEETS) < 80_000
