"""Clauses as officials quote them.

Tables, rules and journal name a clause of the city's opinion by a short mark (S14); whoever
reads a page reads where it stands in 澄政发〔2018〕121号. Any other basis is quoted as it is.
"""

from __future__ import annotations

import re

from django.utils.translation import get_language
from django.utils.translation import gettext as _

#: Mark → chapter, section (0: the chapter has none) and point (0: none) of the opinion.
PLACES = {
    "S1": (2, 1, 0),
    "S2": (2, 2, 0),
    "S3": (2, 3, 0),
    "S4": (2, 4, 0),
    "S5": (3, 1, 1),
    "S6": (3, 1, 1),
    "S7": (3, 1, 2),
    "S8": (3, 1, 2),
    "S9": (3, 1, 2),
    "S10": (3, 1, 3),
    "S11": (3, 2, 1),
    "S12": (3, 2, 1),
    "S13": (3, 2, 1),
    "S14": (3, 2, 2),
    "S15": (3, 2, 2),
    "S16": (3, 2, 2),
    "S17": (3, 2, 3),
    "S18": (3, 2, 3),
    "S19": (3, 2, 3),
    "S20": (3, 2, 3),
    "S21": (3, 3, 1),
    "S22": (3, 3, 2),
    "S23": (3, 3, 3),
    "S24": (3, 3, 4),
    "S25": (3, 3, 4),
    "S26": (3, 3, 4),
    "S27": (3, 3, 4),
    "S28": (3, 3, 5),
    "S29": (3, 3, 5),
    "S30": (5, 0, 1),
    "S31": (5, 0, 1),
    "S32": (5, 0, 2),
    "S33": (5, 0, 2),
    "S34": (5, 0, 3),
}
_CHAPTERS = "零一二三四五"
_MARK = re.compile(r"\bS\d{1,2}\b", re.ASCII)


def quoted(basis: object) -> str:
    """《实施意见》三（二）2 for S14; what names no clause of the opinion stays as it is."""
    return _MARK.sub(lambda mark: _place(mark[0]), str(basis))


def _place(mark: str) -> str:
    if mark not in PLACES:
        return mark
    chapter, section, point = PLACES[mark]
    if (get_language() or "").startswith("en"):
        place = ".".join(str(each) for each in (chapter, section, point) if each)
    else:
        within = f"（{_CHAPTERS[section]}）" if section else "、" if point else ""
        place = f"{_CHAPTERS[chapter]}{within}{point or ''}"
    return _("《实施意见》%(place)s") % {"place": place}
