"""Finding objects by their official number, such as ``SL-2026-000123``.

One types the number from its beginning, or its digits alone, with or without the letters of its
series. A part from its middle is found as well: by its index, where not too many numbers have it.
Numbers keep the letters and digits that they were given: those that the series had before are searched too.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

from django.db import models

from foundation import moments
from foundation.forms import typed
from foundation.numbering.models import Counter
from foundation.numbering.series import Series, letters_ever, most_digits

#: How many digits running parts may have, by the limits of the rule ``numbering``.
WIDTHS = range(4, 9)


#: A beginning that leaves so many digits of the running part open is had by at most ``MOST_AFTER`` numbers; never more
#: are read.
OPEN, MOST_AFTER = 3, 1000


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
    found: models.QuerySet[Any], asked: str, series: Series, lookup: str = "number"
) -> models.QuerySet[Any]:
    """The objects of ``found`` whose number, of a series, is or begins with ``asked``.

    None, without asking the objects, for a text with which no number of the series begins.
    """
    text = "".join(typed.folded(asked).split()).upper()
    known = letters_ever(series)
    digits = next((text.removeprefix(f"{each}-") for each in known if text.startswith(f"{each}-")), text)
    own = [each for each in known if text.startswith(f"{each}-")] or known
    if re.fullmatch("[0-9]+", digits) and not _is_year(digits):
        return found.filter(**{f"{lookup}__in": _whole(digits, own)})
    if re.fullmatch("[0-9]{4}(-[0-9]*)?", text):
        begun = [f"{each}-{text}" for each in known]
    else:
        begun = [text] if any(_begins(text, each) for each in known) else []
    if not begun:
        return found.none()
    begins = models.Q(*((f"{lookup}__startswith", each) for each in begun), _connector=models.Q.OR)
    if all(_narrow(each, series) for each in begun):
        like = found.model._default_manager.filter(begins).order_by()
        return found.filter(pk__in=like.values("pk")[:MOST_AFTER])
    newest = found.order_by("-pk").values("pk")[:NEWEST]
    return found.filter(begins, pk__in=newest)


def _begins(text: str, letters: str) -> bool:
    """Whether a number with these letters begins with the text, or may go on from it."""
    return text.startswith(f"{letters}-") or f"{letters}-".startswith(text)


def _narrow(begun: str, series: Series) -> bool:
    """Whether a beginning leaves at most ``OPEN`` digits open in the longest running parts."""
    _letters, _dash, rest = begun.partition("-")
    _year, _dash, running = rest.partition("-")
    return bool(running) and len(running) >= most_digits(series) - OPEN


def containing(
    found: models.QuerySet[Any], asked: str, series: Series, lookup: str = "number"
) -> models.QuerySet[Any]:
    """The objects of ``found`` with ``asked`` anywhere in their number; none for other words.

    A part that stands in few numbers is looked up in their index; any other is looked for among the reader's
    newest (as four digits are, too, among numbers of seven, in a year that gave out a million).
    """
    text = "".join(typed.folded(asked).split()).upper()
    if not re.fullmatch("[A-Z]{0,6}-?[0-9][0-9-]*", text):
        return found.none()
    newest = found.order_by("-pk").values("pk")[:NEWEST]
    recent = found.filter(pk__in=newest, **{f"{lookup}__contains": text})
    if len(text) in INSIDE and re.fullmatch("[0-9]+", text) and not _is_year(text):
        numbers = [number for given in _given_out(series) for number in _around(text, series, given)]
        bearing = found.model._default_manager.filter(**{f"{lookup}__in": numbers})
        keys = (some.order_by().values_list("pk", flat=True) for some in (bearing, recent))
        return found.filter(pk__in=set().union(*keys))
    before, dash, running = text.rpartition("-")
    if dash and len(running) >= FEW_AFTER:
        begun = models.Q(pk__in=())
        for letters, year, _last in _given_out(series):
            if f"{letters}-{year}".endswith(before):
                begun |= models.Q(**{f"{lookup}__startswith": f"{letters}-{year}-{running}"})
        return found.filter(pk__in=found.filter(begun).order_by().values("pk")[:MOST_AFTER])
    return recent


def _given_out(series: Series) -> list[tuple[str, int, int]]:
    """The letters and years with which numbers of the series were given out, each with the last, newest first."""
    kept = Counter.objects.filter(series__in=letters_ever(series), year__gt=moments.today().year - YEARS)
    return list(kept.order_by("-year").values_list("series", "year", "last"))


def _around(digits: str, series: Series, given_out: tuple[str, int, int]) -> list[str]:
    """The numbers given out with some letters in a year with these digits in their running part."""
    letters, year, last = given_out
    most = max(most_digits(series), len(str(last)))
    widths = range(WIDTHS.start, most + 1)
    free = [width - len(digits) for width in widths if 0 <= width - len(digits) <= MOST_FREE]
    running = {
        f"{rest[:place]}{digits}{rest[place:]}"
        for count in free
        for rest in map("".join, itertools.product("0123456789", repeat=count))
        for place in range(count + 1)
    }
    return [f"{letters}-{year}-{number}" for number in sorted(running) if int(number) <= last]


def _is_year(digits: str) -> bool:
    """Whether the digits are a year in which numbers are searched."""
    return len(digits) == 4 and 0 <= moments.today().year - int(digits) < YEARS


def _whole(digits: str, known: list[str]) -> list[str]:
    """The numbers of the last ``YEARS`` years that end in these digits, with any of the letters."""
    if len(digits) > 9:
        return []
    year = moments.today().year
    return [
        f"{letters}-{past}-{running}"
        for letters in known
        for past in range(year, year - YEARS, -1)
        for running in dict.fromkeys(f"{int(digits):0{width}d}" for width in WIDTHS)
    ]
