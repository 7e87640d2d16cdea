"""Wherever steps have their buttons stands what the reader cannot do and why: none vanishes without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tests.house.packages import ROOT

TEMPLATES = ROOT / "templates"

#: What shows what can be done now, what cannot and why, and what waits for others.
NOW = '{% include "components/now.html"'
LAYOUT = "layouts/object.html"

#: The block of the layout that shows it, a button of an object, and buttons that a page has of its own.
BLOCK = "{% block now %}"
BUTTON = re.compile(r"{% (?:transition_address|actions) (\S+) ")
OWN_BUTTONS = re.compile(r'components/now\.html" with buttons="([^"]+)"')

#: Where a step is offered without it, and why.
WITHOUT = {
    "components/now.html": "says it itself",
    "foundation/form.html": "is the page of one step, and says what is missing for that",
    "organizations/providers/last_check.html": "names on the page of one step what else may be decided instead",
}


def silent(templates: Mapping[str, str]) -> Iterator[str]:
    """Templates, by name, that offer steps of an object and do not say which are withheld from the reader."""
    named = {name for text in templates.values() for name in OWN_BUTTONS.findall(text)}
    for name, text in templates.items():
        replaced = BLOCK in text and name != LAYOUT
        shows = NOW in text or (f'{{% extends "{LAYOUT}" %}}' in text and not replaced) or name in named
        if replaced and NOW not in text:
            yield f"{name}: replaces the block"
        for of in sorted(set(BUTTON.findall(text))):
            if not (of == "object" and shows) and f"{{% withheld {of} " not in text:
                yield f"{name}: {of}"


def templates() -> dict[str, str]:
    """The text of every template, by its name."""
    found = {str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*.html")}
    return {name: text for name, text in found.items() if name not in WITHOUT}


def test_what_offers_steps_says_which_are_withheld_and_why():
    assert list(silent(templates())) == []


def test_a_page_that_hides_what_is_withheld_is_found():
    page = f'{{% extends "{LAYOUT}" %}}{BLOCK}{{% endblock %}}'
    button = "{% transition_address object row %}"
    part = f'{{% extends "{LAYOUT}" %}}{{% actions row.need row.transitions %}}'
    own = f'{page[:-14]}{NOW} with buttons="own.html" %}}{{% endblock %}}'
    assert list(silent({"a.html": page})) == ["a.html: replaces the block"]
    assert list(silent({"a.html": page + button})) == ["a.html: replaces the block", "a.html: object"]
    assert list(silent({"a.html": part})) == ["a.html: row.need"]
    assert list(silent({"a.html": part + "{% withheld row.need row.transitions %}"})) == []
    assert list(silent({"own.html": button})) == ["own.html: object"]
    assert list(silent({"a.html": own, "own.html": button})) == []
