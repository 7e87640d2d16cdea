"""Working days of China, as announced by the State Council.

Official days, with weekends that become working days, come from ``chinesecalendar``. A year
that is not announced yet is estimated from ``holidays`` and marked provisional. Days that the
city has entered (``CalendarDay``) win over both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

import chinese_calendar
import holidays

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


#: The days that the city has entered, which are few: a page reads them once.
remembered = Remembered("calendar", lambda: dict(CalendarDay.objects.values_list("day", "working")))


@cache
def _estimated() -> holidays.HolidayBase:
    """The public holidays that ``holidays`` estimates, for years not announced."""
    return holidays.country_holidays("CN", language="zh_CN")


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
    if day in overrides:
        return overrides[day], False
    announced = _announced(day)
    if announced is not None:
        return announced, False
    return day.weekday() < 5 and day not in _estimated(), True


def overrides_between(first: date, last: date) -> dict[date, bool]:
    """The days that the city has entered between two days, each with whether it is a working day."""
    days = remembered.get()
    if days is None:
        return dict(CalendarDay.objects.filter(day__range=(first, last)).values_list("day", "working"))
    return {day: working for day, working in days.items() if first <= day <= last}


def due(start: datetime, span: Span) -> Due:
    """When ``span`` after ``start`` ends.

    The day of the event is not counted (Civil Code, article 201); days end at midnight in
    Asia/Shanghai.
    """
    if isinstance(span, Hours):
        return Due(start + timedelta(hours=span.count), provisional=False)
    day = start.astimezone(SHANGHAI).date()
    provisional = False
    if isinstance(span, CalendarDays):
        day += timedelta(days=span.count)
    else:
        overrides = overrides_between(day, day + timedelta(days=span.count * 3 + 30))
        left = span.count
        while left:
            day += timedelta(days=1)
            working, guessed = is_working(day, overrides)
            provisional |= guessed
            left -= working
    return Due(datetime.combine(day + timedelta(days=1), time.min, SHANGHAI), provisional)


def working_days_between(first: date, last: date, overrides: dict[date, bool] | None = None) -> int:
    """Working days after ``first`` up to and including ``last``; ``overrides`` saves the query."""
    if overrides is None:
        overrides = overrides_between(first, last)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working(day, overrides)[0] for day in days)
