"""A notice beside the calendar in force: the days that would be different, and the notices that it would meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from foundation.deadlines import calendar
from foundation.deadlines.calendar import Reckoning
from foundation.deadlines.models import CalendarDay
from foundation.holidays import showing
from foundation.holidays.days import Day, together
from foundation.holidays.models import HolidayNotice
from foundation.holidays.states import HolidayStatus
from foundation.lifecycle.phases import ASKED


class Different(NamedTuple):
    """Days that follow one another and would be different alike: working days, or free ones.

    ``words`` is the name of the holiday that they become or are no longer; "" for one without a name. ``year`` is that
    of the notice.
    """

    first: date
    last: date
    working: bool
    words: str
    year: int

    @property
    def said(self) -> str:
        """The days in words, with their year where it is not that of the notice."""
        days = showing.span_in_words(self.first, self.last, of_year=self.year)
        return f"{days} {self.words}".strip()


def different_days(notice: HolidayNotice, then: Reckoning) -> list[Different]:
    """The days that by the calendar with the notice (``then``) are not what they are by the calendar in force."""
    now = Reckoning(calendar.entered())
    named = {day.day: day.words for day in notice.listed}
    first, last = notice.span
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    changed = [day for day in days if then.is_working(day)[0] != now.is_working(day)[0]]
    before = _names({day.year for day in changed}, now)
    found = [
        Day(day, (working := then.is_working(day)[0]), (before if working else named).get(day, ""))
        for day in changed
    ]
    return [Different(one.day, until, one.working, one.words, notice.year) for one, until in together(found)]


def _names(years: Iterable[int], now: Reckoning) -> dict[date, str]:
    """The names of the free days of years by the calendar in force."""
    entered = dict(CalendarDay.objects.filter(day__year__in=years).values_list("day", "words"))
    special = (day for year in years for day in showing.special(year, now, entered))
    return {day.day: day.words for day in special if not day.working}


def undone_by(notice: HolidayNotice, then: Reckoning) -> list[HolidayNotice]:
    """The notices in force that were issued on a later day than this one, and of which it would change a day."""
    later = CalendarDay.objects.filter(notice__issued_on__gt=notice.issued_on).select_related("notice")
    undone = {row.notice for row in later if row.notice and then.is_working(row.day)[0] != row.working}
    return sorted(undone, key=lambda one: (one.issued_on, one.pk))


def waiting_beside(notice: HolidayNotice) -> Sequence[HolidayNotice]:
    """The other notices of its year that wait to be confirmed."""
    asked = HolidayNotice.objects.filter(year=notice.year, status__in=HolidayStatus.in_phase(ASKED))
    return list(asked.exclude(pk=notice.pk).order_by("pk"))
