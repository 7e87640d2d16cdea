"""Finding objects by their official number, such as ``SL-2026-000123``.

One types the number from its beginning, or its digits alone, with or without the letters of its
series. A part from its middle is found among the newest only, since every number would have to be read.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import models

from foundation import moments
from foundation.forms import typed

#: Characters of a beginning that at most ``MOST_AFTER`` numbers have.
NARROW = len("SL-2026-000")


MOST_AFTER = 1000


#: With a shorter beginning only so many of the reader's newest objects are searched.
NEWEST = 500


#: Years in which digits alone are searched.
YEARS = 10


def numbered(
    found: models.QuerySet[Any], asked: str, series: str, lookup: str = "number"
) -> models.QuerySet[Any]:
    """The objects of ``found`` whose number, of a series such as ``SL``, is or begins with ``asked``.

    None, without asking the database, for a text with which no number of the series begins.
    """
    text = "".join(typed.folded(asked).split()).upper()
    digits = text.removeprefix(f"{series}-")
    if re.fullmatch("[0-9]+", digits) and not _is_year(digits):
        return found.filter(**{f"{lookup}__in": _whole(digits, series)})
    if re.fullmatch("[0-9]{4}(-[0-9]*)?", text):
        text = f"{series}-{text}"
    if not (text.startswith(f"{series}-") or f"{series}-".startswith(text)):
        return found.none()
    begins = {f"{lookup}__startswith": text}
    if len(text) >= NARROW:
        like = found.model._default_manager.filter(**begins).order_by()
        return found.filter(pk__in=like.values("pk")[:MOST_AFTER])
    newest = found.order_by("-pk").values("pk")[:NEWEST]
    return found.filter(pk__in=newest, **begins)


def containing(found: models.QuerySet[Any], asked: str, lookup: str = "number") -> models.QuerySet[Any]:
    """Of the reader's newest objects those with ``asked`` anywhere in their number; none for other words."""
    text = "".join(typed.folded(asked).split()).upper()
    if not re.fullmatch("[A-Z]{0,2}-?[0-9][0-9-]*", text):
        return found.none()
    newest = found.order_by("-pk").values("pk")[:NEWEST]
    return found.filter(pk__in=newest, **{f"{lookup}__contains": text})


def _is_year(digits: str) -> bool:
    """Whether the digits are a year in which numbers are searched."""
    return len(digits) == 4 and 0 <= moments.today().year - int(digits) < YEARS


def _whole(digits: str, series: str) -> list[str]:
    """The numbers of the last ``YEARS`` years that end in these digits."""
    if len(digits) > 9:
        return []
    year = moments.today().year
    return [f"{series}-{past}-{int(digits):06d}" for past in range(year, year - YEARS, -1)]
