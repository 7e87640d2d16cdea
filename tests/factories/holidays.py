"""Notices of holidays, entered by one officer and confirmed by another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from demo.starter.places_and_people import actor
from foundation import moments
from foundation.holidays import announcing
from foundation.holidays.days import Day
from foundation.holidays.models import HolidayNotice


def proposed_holidays(
    days: Iterable[Day], *, year: int, whole_year: bool = False, issued_on: date | None = None
) -> HolidayNotice:
    """A notice that waits to be confirmed, issued today where nothing else is said."""
    return announcing.propose(
        by=actor("minzheng"),
        year=year,
        whole_year=whole_year,
        number="国办发明电〔2026〕9号",
        title=f"国务院办公厅关于{year}年部分节假日安排的通知",
        issued_on=issued_on or moments.today(),
        days=list(days),
    )


def holidays(days: Iterable[Day], **given: Any) -> HolidayNotice:
    """A notice in force; no deadline has followed it yet."""
    return confirmed_holidays(proposed_holidays(days, **given))


def confirmed_holidays(notice: HolidayNotice) -> HolidayNotice:
    """The notice in force, confirmed by another officer."""
    return announcing.confirm(notice, by=actor("minzheng2"))


def free_days(*days: date) -> list[HolidayNotice]:
    """Notices that make single days free, one for each year."""
    return [
        holidays([Day(day, False, "放假") for day in of_year], year=year)
        for year, of_year in groupby(sorted(days), key=lambda day: day.year)
    ]


def working_days(*days: date) -> list[HolidayNotice]:
    """Notices that make single days working days, one for each year."""
    return [
        holidays([Day(day, True, "调休上班") for day in of_year], year=year)
        for year, of_year in groupby(sorted(days), key=lambda day: day.year)
    ]


def a_whole_year(year: int, *further: Day) -> HolidayNotice:
    """The notice of a whole year in force: New Year's Day and what is named further."""
    return holidays([Day(date(year, 1, 1), False, "元旦"), *further], year=year, whole_year=True)
