"""The holidays that the regulation gives everybody, and which of them a notice of a whole year does not name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import holidays
from django.utils.translation import gettext_lazy

from foundation.holidays.days import Day
from foundation.holidays.models import HolidayNotice
from foundation.holidays.vocabulary import BY_LAW
from foundation.refusals import Words
from foundation.wording import aside, day

#: Days before and after a holiday that may be free in its place.
IN_LIEU = 2

#: What people call each holiday, in the order of the regulation.
CALLED: tuple[Words, ...] = (
    gettext_lazy("元旦"),
    gettext_lazy("春节"),
    gettext_lazy("清明节"),
    gettext_lazy("劳动节"),
    gettext_lazy("端午节"),
    gettext_lazy("中秋节"),
    gettext_lazy("国庆节"),
)


def missing_from(notice: HolidayNotice) -> list[str]:
    """The holidays that a notice of a whole year does not name, each with its day; none for a change of single days."""
    lacking = missing(notice.listed, notice.year) if notice.whole_year else []
    return [aside(words, day(on)) for words, on in lacking]


def missing(days: Iterable[Day], year: int) -> list[tuple[Words, date]]:
    """The holidays of a year of which no day is free by these days, nor one in lieu beside it, each with its (first) day
    by the lunar and solar calendar.
    """
    near = [timedelta(days=n) for n in range(-IN_LIEU, IN_LIEU + 1)]
    free = {one.day + shift for one in days if not one.working for shift in near}
    # Without observed days, which are estimates and bear the names of the holidays.
    found = holidays.country_holidays("CN", years=year, language="zh_CN", observed=False)
    called = {on: set(str(names).split("; ")) for on, names in found.items() if on.year == year}
    lacking = []
    for words, names in zip(CALLED, BY_LAW, strict=True):
        own = sorted(on for on, its in called.items() if its & set(names))
        if own and free.isdisjoint(own):
            lacking.append((words, next((on for on in own if names[0] in called[on]), own[0])))
    return lacking
