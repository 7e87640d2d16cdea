"""Finding objects by their official number, such as ``SL-2026-000123``, however many there are.

What is typed is the number from its beginning, or its digits alone; never a piece of its
middle, for which every number would have to be read.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import models

from foundation import moments
from foundation.forms import typed

#: So long is the beginning of a number after which at most a thousand can follow.
NARROW = len("SL-2026-000")


MOST_AFTER = 1000


#: Of a shorter beginning only so many of the newest that the reader sees are looked at.
NEWEST = 500


#: Digits alone are looked for in this many years.
YEARS = 10


def numbered(
    found: models.QuerySet[Any], asked: str, series: str, lookup: str = "number"
) -> models.QuerySet[Any]:
    """Those of ``found`` whose number, of a series such as ``SL``, is or begins as ``asked``."""
    text = "".join(typed.folded(asked).split()).upper()
    if re.fullmatch("[0-9]+", text):
        return found.filter(**{f"{lookup}__in": _whole(text, series)})
    begins = {f"{lookup}__startswith": text}
    if len(text) >= NARROW:
        like = found.model._default_manager.filter(**begins).order_by()
        return found.filter(pk__in=like.values("pk")[:MOST_AFTER])
    newest = found.order_by("-pk").values("pk")[:NEWEST]
    return found.filter(pk__in=newest, **begins)


def _whole(digits: str, series: str) -> list[str]:
    """The numbers of the last years that end in these digits."""
    if len(digits) > 9:
        return []
    year = moments.today().year
    return [f"{series}-{each}-{int(digits):06d}" for each in range(year, year - YEARS, -1)]
