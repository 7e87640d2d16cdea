"""Actions and models know nothing of pages and API: what people do is the same through every door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.packages import FLOORS, ROOT, sources

#: The files of a slice through which people and programs come in.
DOORS = frozenset({"views", "api", "urls", "serializers"})
#: What those files are made of.
OF_DOORS = ("foundation.ui", "foundation.api")

#: Files that are no door themselves and yet may know one: tags are what templates of pages are made of.
OF_PAGES = ("foundation/templatetags/",)


def imported(path: Path) -> Iterator[str]:
    """The dotted name of everything that a module imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_door(name: str) -> bool:
    """Whether a dotted name is that of a door of one of our packages, or lies in one."""
    package, *parts = name.split(".")
    return package in FLOORS and (bool(DOORS & set(parts[:2])) or f"{name}.".startswith(within(OF_DOORS)))


def within(packages: tuple[str, ...]) -> tuple[str, ...]:
    """How the names of everything in some packages begin."""
    return tuple(f"{package}." for package in packages)


def who_knows_a_door() -> set[str]:
    """The modules of the product that import a door though they are none."""
    return {
        str(path.relative_to(ROOT))
        for path in sources()
        if path.relative_to(ROOT).parts[0] != "marketplace" and not is_door(dotted(path))
        if any(is_door(name) for name in imported(path))
        and not str(path.relative_to(ROOT)).startswith(OF_PAGES)
    }


def dotted(path: Path) -> str:
    """The dotted name of a module."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_views_know_actions_and_not_the_other_way_round():
    """A package's ``api.py`` and ``urls.py`` gather those of its slices: they are doors as well."""
    assert who_knows_a_door() == set()


def test_a_door_is_told_from_what_lies_behind_it():
    assert is_door("referrals.offers.views") and is_door("referrals.offers.views.Referrals")
    assert is_door("referrals.urls") and is_door("foundation.ui.tables.table") and is_door("giving.api")
    assert not is_door("referrals.offers.offering") and not is_door("foundation.units")
    assert not is_door("rest_framework.views")
