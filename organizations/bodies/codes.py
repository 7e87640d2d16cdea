"""Short codes of organizations: made from those of places or by number, and never given to another one.

A code stands in addresses and in open data, so that an organization keeps it when it is closed; a window or a committee
that comes after it at the same place, or at one entered anew with the same code, gets a number behind it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator

from organizations.bodies.models import ONE_AT_A_PLACE, Organization, OrganizationKind
from organizations.places.models import Place

#: How the codes of windows, committees and providers begin, and those of bodies that are made by number.
OF_A_WINDOW, OF_A_COMMITTEE, OF_A_PROVIDER, NUMBERED = "window-", "village-", "p-", "body-"

_NUMBER = re.compile(rf"{NUMBERED}\d{{1,6}}", re.ASCII)

#: Codes that the product makes for windows, committees and providers, and that no body is given by hand.
_MADE = re.compile(rf"{OF_A_WINDOW}.*|{OF_A_COMMITTEE}.*|{OF_A_PROVIDER}[0-9a-z]{{18}}(-\d+)?", re.ASCII)


def new(kind: str, place: Place | None, *, but: Collection[str] = ()) -> Iterator[str]:
    """Codes that no organization has and that are not among ``but``: of a window and of a committee by the code of its
    place, else by number.
    """
    if kind in ONE_AT_A_PLACE and place is not None:
        stem = stem_of(kind, place)
        return free(stem, {*beginning_with(stem), *but})
    taken = {*beginning_with(NUMBERED), *but}
    highest = max((int(code.removeprefix(NUMBERED)) for code in taken if _NUMBER.fullmatch(code)), default=0)
    every = (f"{NUMBERED}{number}" for number in itertools.count(highest + 1))
    return (code for code in every if code not in taken)


def stem_of(kind: str, place: Place) -> str:
    """The code of the window or the committee of a place, unless it is taken."""
    return f"{OF_A_WINDOW if kind == OrganizationKind.WINDOW else OF_A_COMMITTEE}{place.code}"


def free(stem: str, taken: Collection[str]) -> Iterator[str]:
    """The stem, and the stem with a number, as far as they are not taken."""
    every = itertools.chain((stem,), (f"{stem}-{number}" for number in itertools.count(2)))
    return (code for code in every if code not in taken)


def beginning_with(stem: str) -> Iterator[str]:
    """The codes of organizations that begin with the stem."""
    return Organization.objects.filter(code__startswith=stem).values_list("code", flat=True).iterator()


def is_made(code: str) -> bool:
    """Whether a code looks like one that is made for a window, a committee or a provider."""
    return _MADE.fullmatch(code) is not None
