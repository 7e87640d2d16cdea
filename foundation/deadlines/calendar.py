"""Working days of China, as announced; provisional where not announced yet.

Official days (with weekends that become working days) come from
``chinesecalendar``; a year that the State Council has not announced is
estimated from ``holidays`` and marked provisional; the city's overrides win.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

import chinese_calendar
import holidays

from foundation.deadlines.models import CalendarDay
from foundation.moments import SHANGHAI


@dataclass(frozen=True)
class WorkingDays:
    """A number of working days."""

    count: int


@dataclass(frozen=True)
class CalendarDays:
    """A number of calendar days."""

    count: int


@dataclass(frozen=True)
class Hours:
    """A number of hours, day and night."""

    count: int


Span = WorkingDays | CalendarDays | Hours

#: The kinds of span by the word that a deadline rule uses.
SPANS: dict[str, type[WorkingDays] | type[CalendarDays] | type[Hours]] = {
    "working_days": WorkingDays,
    "calendar_days": CalendarDays,
    "hours": Hours,
}


@dataclass(frozen=True)
class Due:
    """A moment of a deadline; provisional if a year on the way is not announced."""

    at: datetime
    provisional: bool


@cache
def _estimated() -> holidays.HolidayBase:
    return holidays.country_holidays("CN", language="zh_CN")


@cache
def _announced(day: date) -> bool | None:
    """Whether the State Council's notice makes it a working day; None if no notice yet."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def is_working(day: date, overrides: dict[date, bool] | None = None) -> tuple[bool, bool]:
    """(working, provisional) for one day; ``overrides`` spares the look-up."""
    if overrides is None:
        overrides = overrides_between(day, day)
    if day in overrides:
        return overrides[day], False
    announced = _announced(day)
    if announced is not None:
        return announced, False
    return day.weekday() < 5 and day not in _estimated(), True


def overrides_between(first: date, last: date) -> dict[date, bool]:
    """The city's own calendar between two days, by day."""
    return dict(CalendarDay.objects.filter(day__range=(first, last)).values_list("day", "working"))


def due(start: datetime, span: Span) -> Due:
    """When ``span`` after ``start`` ends. The day of the event is not counted
    (civil code, article 201); days end at midnight Asia/Shanghai.
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
    """Working days after ``first`` up to and with ``last``; ``overrides`` spares the look-up."""
    if overrides is None:
        overrides = overrides_between(first, last)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working(day, overrides)[0] for day in days)
