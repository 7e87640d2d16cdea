"""The days of a notice as people write them, and what is wrong with them.

A row has a day or a first and a last day, whether they are free or made working days, and their name. It comes
from a form, from a program or from a file; a range may stand in one cell (2027-02-05..2027-02-11, 2月5日至11日).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from foundation import wording
from foundation.deadlines.calendar import SATURDAY, Reckoning
from foundation.forms import days as written
from foundation.forms import typed
from foundation.forms.fields import MIDNIGHT
from foundation.holidays.vocabulary import BETWEEN, DAY_ALONE, FREE, MONTH_FIRST, WORKING

#: The longest holiday in days, the longest name in characters, and the most days of one notice.
LONGEST, LONGEST_NAME, MOST = 31, 20, 400

#: Since when in December before a year its notice may name days: those around New Year.
NEW_YEAR = (12, 20)


class Day(NamedTuple):
    """A day that a notice names: free, or a weekend made a working day; ``words`` may be empty."""

    day: date
    working: bool
    words: str

    def stored(self) -> dict[str, Any]:
        """It as the notice keeps it."""
        return {"day": str(self.day), "working": self.working, "words": self.words}


@dataclass(frozen=True)
class Row:
    """A row as it was written; ``called`` is what a message calls it (第 3 行)."""

    called: str
    first: str
    last: str = ""
    kind: str = ""
    words: str = ""

    def said(self, fault: str) -> str:
        """What is wrong with it, with what was written; a code of the page is told as the word that stood there."""
        kind = {"free": _("放假"), "working": _("调休上班")}.get(self.kind, self.kind)
        parts = (self.first, self.last, kind, self.words)
        shown = " ".join(part[:40] for part in parts if part)
        return _("%(row)s（%(shown)s）：%(fault)s") % {"row": self.called, "shown": shown, "fault": fault}


class Placed(NamedTuple):
    """A day and the row that names it."""

    row: Row
    day: Day


class Fault(NamedTuple):
    """What is wrong with a row, or with all of them together (no row)."""

    row: Row | None
    words: str

    @property
    def said(self) -> str:
        """It in words, with its row."""
        return self.row.said(self.words) if self.row else self.words


def in_order(faults: Iterable[Fault], rows: Sequence[Row]) -> list[str]:
    """The faults in words, each once, as their rows stand below one another; last what is wrong with all of them."""
    places = {row: number for number, row in enumerate(rows)}
    last = len(rows)
    ordered = sorted(faults, key=lambda fault: places.get(fault.row, last) if fault.row else last)
    return list(dict.fromkeys(fault.said for fault in ordered))


class Misread(ValueError):
    """A row that cannot be read; the message says why."""


def read(rows: Sequence[Row], year: int) -> tuple[list[Placed], list[Fault]]:
    """The days of all rows by their dates, and what is wrong with the rows that cannot be read.

    Of rows that name the same day the earlier one stands first.
    """
    placed: list[Placed] = []
    faults: list[Fault] = []
    for row in rows:
        try:
            placed += [Placed(row, day) for day in _days_of(row, year)]
        except Misread as fault:
            faults.append(Fault(row, str(fault)))
    return sorted(placed, key=lambda found: found.day.day), faults


def _days_of(row: Row, year: int) -> list[Day]:
    """The days that a row names; raises ``Misread``."""
    first, last = _ends(row, year)
    if last < first:
        raise Misread(_("最后一天在第一天之前。"))
    if (last - first).days >= LONGEST:
        raise Misread(_("一段最多 %(most)s 天，请核对。") % {"most": LONGEST})
    kind, words = typed.compared(row.kind), typed.line(row.words)
    if not kind:
        raise Misread(_("没有写明是“放假”还是“调休上班”。"))
    if kind not in FREE | WORKING:
        raise Misread(_("“安排”看不懂，请写“放假”或“调休上班”。"))
    if len(words) > LONGEST_NAME:
        raise Misread(_("名称最多 %(most)s 个字。") % {"most": LONGEST_NAME})
    working = kind in WORKING
    return [Day(first + timedelta(days=n), working, words) for n in range((last - first).days + 1)]


def _ends(row: Row, year: int) -> tuple[date, date]:
    """The first and the last day of a row; raises ``Misread``."""
    first, rest = _leading(row.first, year)
    if MIDNIGHT.fullmatch(rest):
        last = _whole(row.last, year) if row.last.strip() else first
        return first, last
    between = BETWEEN.match(rest)
    if between is None or row.last.strip():
        raise Misread(_unreadable())
    end = rest[between.end() :].strip()
    if alone := DAY_ALONE.fullmatch(end):
        end = f"{first.year}-{first.month}-{alone[1]}"
    return first, _whole(end, first.year)


def _whole(text: str, year: int) -> date:
    """The day that the whole text writes; raises ``Misread``."""
    found, rest = _leading(text, year)
    if not MIDNIGHT.fullmatch(rest):
        raise Misread(_unreadable())
    return found


def _leading(text: str, year: int) -> tuple[date, str]:
    """The day at the beginning of a text, of that year where it names none, and the rest; raises ``Misread``."""
    plain = typed.folded(text)
    if plain and not re.match(r"\d{4}", plain, re.ASCII):
        plain = f"{year}年{plain}" if MONTH_FIRST.match(plain) else f"{year}-{plain}"
    try:
        found = written.leading_day(plain)
    except ValueError:
        raise Misread(_("没有这一天，请核对日期。")) from None
    if found is None:
        raise Misread(_unreadable())
    return found


def begins_with_day(text: str) -> bool:
    """Whether a text begins as a day does, even one that the calendar does not have."""
    return bool(re.match(r"\d", typed.folded(text), re.ASCII))


def _unreadable() -> str:
    return _("日期看不懂，请写 2027-02-05、2月5日，或一段 2027-02-05..2027-02-11。")


def faults_of(placed: Sequence[Placed], year: int, *, whole_year: bool, now: Reckoning) -> list[Fault]:
    """What is wrong with the days of a notice.

    The days of a whole year are compared with ordinary weeks, those of a change with the calendar of now.
    """
    found = [*_repeated(placed), *_of_another_year(placed, year, whole_year)]
    standing = _Ordinary() if whole_year else now
    found += _without_effect(placed, standing)
    first = date(year, 1, 1)
    if whole_year and not any(day.day == first and not day.working for _row, day in placed):
        found.append(Fault(None, _("全年的安排里没有元旦：%(year)s年1月1日应放假。") % {"year": year}))
    return found


def _repeated(placed: Iterable[Placed]) -> list[Fault]:
    """Days that two rows name."""
    seen: dict[date, Row] = {}
    found = []
    for row, day in placed:
        if day.day in seen:
            words = _("%(day)s已在%(row)s写过。")
            found.append(Fault(row, words % {"day": wording.day(day.day), "row": seen[day.day].called}))
        seen.setdefault(day.day, row)
    return found


def _of_another_year(placed: Iterable[Placed], year: int, whole_year: bool) -> list[Fault]:
    """Days of another year; a whole year's notice may name the end of December before it."""
    before = date(year - 1, *NEW_YEAR) if whole_year else date(year, 1, 1)
    return [
        Fault(row, _("%(day)s不在%(year)s年。") % {"day": wording.day(day.day), "year": year})
        for row, day in placed
        if not before <= day.day <= date(year, 12, 31)
    ]


class _Ordinary:
    """The calendar without any notice."""

    def is_working(self, day: date) -> tuple[bool, bool]:
        """Whether it is Monday to Friday."""
        return day.weekday() < SATURDAY, False


def _without_effect(placed: Sequence[Placed], standing: Reckoning | _Ordinary) -> list[Fault]:
    """Working days that are working days anyway, and holidays of which every day is free anyway."""
    found = [
        Fault(row, _("这一天本来就上班，不用写成调休上班。"))
        for row, day in placed
        if day.working and standing.is_working(day.day) == (True, False)
    ]
    free = [one for one in placed if not one.day.working]
    found += [
        Fault(holiday[0].row, _("这些日子本来就休息，写了没有作用，请核对日期。"))
        for holiday in _stretches(free)
        if all(standing.is_working(day.day) == (False, False) for _row, day in holiday)
    ]
    return found


def _stretches(free: Iterable[Placed]) -> list[list[Placed]]:
    """Days that follow one another without a gap, together."""
    found: list[list[Placed]] = []
    for one in free:
        if found and (one.day.day - found[-1][-1].day.day).days <= 1:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def together(days: Iterable[Day]) -> list[tuple[Day, date]]:
    """Days with the same name that follow one another, as the first of them and the last day."""
    found: list[tuple[Day, date]] = []
    for day in sorted(days):
        first, last = found[-1] if found else (day, date.min)
        if found and day.day - last == timedelta(days=1) and day[1:] == first[1:]:
            found[-1] = (first, day.day)
        else:
            found.append((day, day.day))
    return found


def as_rows(given: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The rows of a form or of a program, by their places."""
    return [
        Row(
            _("第 %(n)s 行") % {"n": number},
            *(str(row.get(part) or "").strip() for part in ("first", "last", "kind", "words")),
        )
        for number, row in enumerate(given, 1)
    ]
