"""A year as twelve months, and as the rows of a model file."""

from __future__ import annotations

import calendar as months
import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
from django.utils.translation import gettext as _

from foundation.deadlines.calendar import SATURDAY, Reckoning, estimated_name
from foundation.holidays.days import Day, together


@dataclass(frozen=True)
class Cell:
    """One day of a month: its number (0 outside of the month), what it is, and its name where it is no ordinary
    day of the week.

    ``kind`` is "free", "working" (a weekend made a working day), "weekend" or "".
    """

    number: int
    kind: str = ""
    words: str = ""

    @property
    def mark(self) -> str:
        """The word that stands in the cell, as printed calendars have it."""
        return {"free": _("休"), "working": _("班")}.get(self.kind, "")


@dataclass(frozen=True)
class Month:
    """A month by weeks from Monday, and its holidays and make-up days in words."""

    number: int
    weeks: tuple[tuple[Cell, ...], ...]
    named: tuple[str, ...]


def year_of(year: int, reckoning: Reckoning, names: dict[date, str]) -> list[Month]:
    """The twelve months of a year by a calendar; ``names`` are those that were entered."""
    days = {day.day: day for day in special(year, reckoning, names)}
    return [_month(year, number, days) for number in range(1, 13)]


def special(year: int, reckoning: Reckoning, names: dict[date, str]) -> list[Day]:
    """The days of a year that are no ordinary days of their week, with the weekends within holidays."""
    first = date(year, 1, 1)
    found: list[Day] = []
    for number in range((date(year + 1, 1, 1) - first).days):
        day = first + timedelta(days=number)
        working, _guessed = reckoning.is_working(day)
        ordinary = day.weekday() < SATURDAY
        if working != ordinary or (not working and (day in names or _is_named(day))):
            known = "" if working else _name(day)
            found.append(Day(day, working, names.get(day, known)))
    return found


def _is_named(day: date) -> bool:
    """Whether a free weekend belongs to a holiday of the package's notice."""
    try:
        return bool(chinese_calendar.get_holiday_detail(day)[1])
    except NotImplementedError:
        return bool(estimated_name(day))


def _name(day: date) -> str:
    """The name of a free day by the package's notice or estimate."""
    try:
        name = chinese_calendar.get_holiday_detail(day)[1]
    except NotImplementedError:
        return estimated_name(day)[:20]
    known = next((holiday.chinese for holiday in chinese_calendar.Holiday if holiday.value == name), "")
    return known[:20]


def _month(year: int, number: int, days: dict[date, Day]) -> Month:
    """One month of a year."""
    weeks = tuple(
        tuple(_cell(day, number, days) for day in week)
        for week in months.Calendar().monthdatescalendar(year, number)
    )
    own = [day for day in days.values() if day.day.month == number]
    return Month(number, weeks, tuple(in_words(own)))


def _cell(day: date, month: int, days: dict[date, Day]) -> Cell:
    if day.month != month:
        return Cell(0)
    found = days.get(day)
    if found is None:
        return Cell(day.day, "" if day.weekday() < SATURDAY else "weekend")
    return Cell(day.day, "working" if found.working else "free", found.words)


def in_words(days: Iterable[Day]) -> list[str]:
    """Days in words: 2月5日至2月11日 放假 春节."""
    return [
        " ".join(dict.fromkeys(filter(None, (span_in_words(first.day, last), kind_of(first), first.words))))
        for first, last in together(days)
    ]


def kind_of(day: Day) -> str:
    """What a day is, in words."""
    return _("调休上班") if day.working else _("放假")


def span_in_words(first: date, last: date, *, of_year: int = 0) -> str:
    """A day, or the first and the last of several; with the year where one is named and theirs is another."""
    one = _("%(month)s月%(day)s日")
    start = one % {"month": first.month, "day": first.day}
    if of_year not in (0, first.year):
        start = _("%(year)s年%(day)s") % {"year": first.year, "day": start}
    if first == last:
        return start
    return _("%(first)s至%(last)s") % {"first": start, "last": one % {"month": last.month, "day": last.day}}


def model_file(year: int, reckoning: Reckoning, names: dict[date, str]) -> bytes:
    """A CSV file to fill in, in which the days of the year stand as they are known or estimated by now."""
    target = io.StringIO()
    rows = csv.writer(target)
    rows.writerow([_("日期"), _("安排"), _("名称")])
    for first, last in together(special(year, reckoning, names)):
        days = str(first.day) if first.day == last else f"{first.day}..{last}"
        rows.writerow([days, kind_of(first), first.words])
    return target.getvalue().encode("utf-8-sig")
