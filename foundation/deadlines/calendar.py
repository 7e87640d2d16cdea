"""Working days of China, as announced by the State Council.

Official days, with weekends that become working days, come from ``chinesecalendar``. A year
that is not announced yet is estimated from ``holidays`` and marked provisional. Days that the
city has entered (``CalendarDay``, from confirmed notices) win over both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

import chinese_calendar
import holidays
from django.db import models

from foundation.deadlines.models import CalendarDay
from foundation.moments import SHANGHAI
from foundation.remembering import Remembered


@dataclass(frozen=True)
class WorkingDays:
    """A span in working days."""

    count: int


@dataclass(frozen=True)
class CalendarDays:
    """A span in calendar days."""

    count: int


@dataclass(frozen=True)
class Hours:
    """A span in hours, counted day and night."""

    count: int


Span = WorkingDays | CalendarDays | Hours

#: The class of a span by the unit that a deadline rule names.
SPANS: dict[str, type[WorkingDays] | type[CalendarDays] | type[Hours]] = {
    "working_days": WorkingDays,
    "calendar_days": CalendarDays,
    "hours": Hours,
}


@dataclass(frozen=True)
class Due:
    """When a deadline ends; ``provisional`` if it crosses a year that is not announced yet."""

    at: datetime
    provisional: bool


#: The number of Saturday among the weekdays; those before it are working days in an ordinary week.
SATURDAY = 5


@dataclass(frozen=True)
class Entered:
    """What the city has entered: days, each with whether it is a working day, and the years of which the whole
    notice is entered, so that their other days are as the weekday says.
    """

    days: Mapping[date, bool]
    years: frozenset[int] = frozenset()

    def says(self, day: date) -> bool | None:
        """Whether it says that a day is a working day; None if it says nothing of it."""
        said = self.days.get(day)
        return day.weekday() < SATURDAY if said is None and day.year in self.years else said

    def between(self, first: date, last: date) -> dict[date, bool]:
        """The days between two days of which it says whether they are working days."""
        if not self.years:
            return {day: working for day, working in self.days.items() if first <= day <= last}
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return {day: said for day in days if (said := self.says(day)) is not None}


def entered(first: date = date.min, last: date = date.max) -> Entered:
    """What the city has entered between two days, in one statement."""
    within = models.Q(day__range=(first, last)) | models.Q(announces=True)
    return entered_by(CalendarDay.objects.filter(within))


def entered_by(rows: models.QuerySet[CalendarDay]) -> Entered:
    """What these rows say, in one statement."""
    found = list(rows.order_by().values_list("day", "working", "announces"))
    return Entered(
        {day: working for day, working, _announces in found},
        frozenset(day.year for day, _working, announces in found if announces),
    )


#: What the city has entered, which is little: a page reads it once.
remembered = Remembered("calendar", entered)


@cache
def _estimated() -> holidays.HolidayBase:
    """The public holidays that ``holidays`` estimates, for years not announced."""
    return holidays.country_holidays("CN", language="zh_CN")


def estimated_name(day: date) -> str:
    """The name of a holiday that is estimated; "" for no holiday."""
    return str(_estimated().get(day) or "")


@cache
def _announced(day: date) -> bool | None:
    """Whether the State Council's notice makes it a working day; None without a notice for the year."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def is_working(day: date, overrides: dict[date, bool] | None = None) -> tuple[bool, bool]:
    """Whether a day is a working day, and whether that is provisional.

    ``overrides`` (see ``overrides_between``) saves the query where many days are asked for.
    """
    if overrides is None:
        overrides = overrides_between(day, day)
    return (overrides[day], False) if day in overrides else _otherwise(day)


def _otherwise(day: date) -> tuple[bool, bool]:
    """The same for a day of which the city has entered nothing."""
    announced = _announced(day)
    if announced is not None:
        return announced, False
    return day.weekday() < SATURDAY and day not in _estimated(), True


def overrides_between(first: date, last: date) -> dict[date, bool]:
    """The days that the city has entered between two days, each with whether it is a working day."""
    known = remembered.get()
    return (entered(first, last) if known is None else known).between(first, last)


class Reckoning:
    """Deadlines by one calendar, each counted once, however many clocks share it.

    It counts by the days that ``known`` says, and else by the notices and estimates of the package.
    """

    def __init__(self, known: Entered) -> None:
        self._known = known
        self._working: dict[date, tuple[bool, bool]] = {}
        self._due: dict[tuple[date, int], Due] = {}

    def is_working(self, day: date) -> tuple[bool, bool]:
        """Whether a day is a working day, and whether that is provisional."""
        found = self._working.get(day)
        if found is None:
            said = self._known.says(day)
            found = self._working[day] = _otherwise(day) if said is None else (said, False)
        return found

    def due(self, start: date, count: int) -> Due:
        """When so many working days after a day end."""
        found = self._due.get((start, count))
        if found is None:
            found = self._due[start, count] = self._counted(start, count)
        return found

    def _counted(self, day: date, left: int) -> Due:
        provisional = False
        while left:
            day += timedelta(days=1)
            working, guessed = self.is_working(day)
            provisional |= guessed
            left -= working
        return Due(end_of(day), provisional)

    def between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and including ``last``."""
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return sum(self.is_working(day)[0] for day in days)


def start_of(day: date) -> datetime:
    """Midnight at the beginning of a day in Asia/Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)


def end_of(day: date) -> datetime:
    """Midnight at the end of a day in Asia/Shanghai."""
    return start_of(day + timedelta(days=1))


def due(start: datetime, span: Span) -> Due:
    """When ``span`` after ``start`` ends.

    The day of the event is not counted (Civil Code, article 201); days end at midnight in
    Asia/Shanghai.
    """
    if isinstance(span, Hours):
        return Due(start + timedelta(hours=span.count), provisional=False)
    day = start.astimezone(SHANGHAI).date()
    if isinstance(span, CalendarDays):
        return Due(end_of(day + timedelta(days=span.count)), provisional=False)
    known = remembered.get()
    if known is None:
        known = entered(day, day + timedelta(days=span.count * 3 + 30))
    return Reckoning(known).due(day, span.count)


def working_days_between(first: date, last: date, overrides: dict[date, bool] | None = None) -> int:
    """Working days after ``first`` up to and including ``last``; ``overrides`` saves the query."""
    if overrides is None:
        overrides = overrides_between(first, last)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working(day, overrides)[0] for day in days)
