"""Finding objects by their official number, such as ``SL-2026-000123``.

One types the number from its beginning, or its digits alone, with or without the letters of its
series. A part from its middle is found as well: by its index, where not too many numbers have it.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

from django.db import models

from foundation import moments
from foundation.forms import typed
from foundation.numbering.models import Counter

#: Characters of a beginning that at most ``MOST_AFTER`` numbers have, while no year gives out a million; never more
#: are read.
NARROW = len("SL-2026-000")


MOST_AFTER = 1000


#: With a shorter beginning only so many of the reader's newest objects are searched.
NEWEST = 500


#: Years in which digits alone are searched.
YEARS = 10


#: So many digits stand in few numbers, wherever they stand in the running part: at most ``MOST_FREE`` digits
#: of it are others.
INSIDE, MOST_FREE = range(4, 8), 2


#: So many digits at the beginning of the running part, too.
FEW_AFTER = 3


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


def containing(
    found: models.QuerySet[Any], asked: str, series: str, lookup: str = "number"
) -> models.QuerySet[Any]:
    """The objects of ``found`` with ``asked`` anywhere in their number; none for other words.

    A part that stands in few numbers is looked up in their index; any other is looked for among the reader's
    newest (as four digits are, too, among numbers of seven, in a year that gave out a million).
    """
    text = "".join(typed.folded(asked).split()).upper()
    if not re.fullmatch("[A-Z]{0,2}-?[0-9][0-9-]*", text):
        return found.none()
    newest = found.order_by("-pk").values("pk")[:NEWEST]
    recent = found.filter(pk__in=newest, **{f"{lookup}__contains": text})
    if len(text) in INSIDE and re.fullmatch("[0-9]+", text) and not _is_year(text):
        numbers = [
            number for year, last in _given_out(series) for number in _around(text, series, year, last)
        ]
        bearing = found.model._default_manager.filter(**{f"{lookup}__in": numbers})
        keys = (some.order_by().values_list("pk", flat=True) for some in (bearing, recent))
        return found.filter(pk__in=set().union(*keys))
    before, dash, running = text.rpartition("-")
    if dash and len(running) >= FEW_AFTER:
        begun = models.Q(pk__in=())
        for year, _last in _given_out(series):
            if f"{series}-{year}".endswith(before):
                begun |= models.Q(**{f"{lookup}__startswith": f"{series}-{year}-{running}"})
        return found.filter(pk__in=found.filter(begun).order_by().values("pk")[:MOST_AFTER])
    return recent


def _given_out(series: str) -> list[tuple[int, int]]:
    """The years in which numbers of the series were given out, each with the last of them, newest first."""
    kept = Counter.objects.filter(series=series, year__gt=moments.today().year - YEARS)
    return list(kept.order_by("-year").values_list("year", "last"))


def _around(digits: str, series: str, year: int, last: int) -> list[str]:
    """The numbers given out in a year with these digits in their running part."""
    widths = range(6, max(6, len(str(last))) + 1)
    free = [width - len(digits) for width in widths if 0 <= width - len(digits) <= MOST_FREE]
    running = {
        f"{rest[:place]}{digits}{rest[place:]}"
        for count in free
        for rest in map("".join, itertools.product("0123456789", repeat=count))
        for place in range(count + 1)
    }
    return [f"{series}-{year}-{number}" for number in sorted(running) if int(number) <= last]


def _is_year(digits: str) -> bool:
    """Whether the digits are a year in which numbers are searched."""
    return len(digits) == 4 and 0 <= moments.today().year - int(digits) < YEARS


def _whole(digits: str, series: str) -> list[str]:
    """The numbers of the last ``YEARS`` years that end in these digits."""
    if len(digits) > 9:
        return []
    year = moments.today().year
    return [f"{series}-{past}-{int(digits):06d}" for past in range(year, year - YEARS, -1)]
