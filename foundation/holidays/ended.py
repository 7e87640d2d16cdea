"""What has ended by the time a notice of holidays comes: its clocks stay, and the register of overdue is put right by
lines that are added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db import models

from foundation.deadlines import calendar
from foundation.deadlines.calendar import Reckoning
from foundation.deadlines.models import Overdue
from foundation.holidays import moving
from foundation.holidays.models import HolidayNotice
from foundation.isolation import noted
from foundation.journal.models import Entry
from foundation.rules import reading
from foundation.transactions import whole


def correct(notice: HolidayNotice, reckoning: Reckoning) -> int:
    """Correct the register where what was done late by the old calendar was in time by the new one, and enter again what
    an earlier notice had corrected and this one makes late as it was; returns how many lines were added.

    The clock itself stays as it ended, since figures that were counted by it do not change afterwards; and nobody
    becomes late by a notice that came later.
    """
    added = 0
    for ended, add in (
        (_standing_of(notice), _correct_together),
        (_corrections_of(notice), _enter_again_together),
    ):
        after = 0
        while lines := list(
            ended.filter(pk__gt=after).select_related("clock").order_by("pk")[: moving.AT_ONCE]
        ):
            after = lines[-1].pk
            with noted("overdue.correct", after=after):
                added += add(lines, notice, reckoning)
    return added


def count(notice: HolidayNotice, reckoning: Reckoning) -> tuple[int, int]:
    """How many lines about what has ended the notice would correct, and how many it would enter again, of so many as are
    looked at in one statement.
    """
    corrected = _standing_of(notice).select_related("clock").order_by("-pk")[: moving.LOOKED_AT]
    again = _corrections_of(notice).select_related("clock").order_by("-pk")[: moving.LOOKED_AT]
    return (
        sum(1 for _line, _due in _in_time(corrected, reckoning)),
        sum(1 for _line, _due in _late(again, reckoning)),
    )


def _about_ended(notice: HolidayNotice) -> models.QuerySet[Overdue]:
    """The lines of the register about clocks that have stopped, and cross the days of a notice."""
    first, last = notice.span
    return Overdue.objects.filter(
        clock__stopped_at__isnull=False,
        clock__started_at__lt=calendar.end_of(last),
        clock__due_at__gt=calendar.end_of(first - timedelta(days=1)),
    )


def _standing_of(notice: HolidayNotice) -> models.QuerySet[Overdue]:
    """Those of them that nothing corrects."""
    return _about_ended(notice).filter(corrects=None, correction=None)


def _corrections_of(notice: HolidayNotice) -> models.QuerySet[Overdue]:
    """Those of them that correct another, and are the last about their clock."""
    later = Overdue.objects.filter(clock=models.OuterRef("clock"), pk__gt=models.OuterRef("pk"))
    return _about_ended(notice).filter(~models.Exists(later), corrects__isnull=False)


def _in_time(lines: Iterable[Overdue], reckoning: Reckoning) -> Iterator[tuple[Overdue, datetime]]:
    """Those of the lines whose clock was stopped in time by the calendar, with the deadline."""
    return ((line, due) for line, due, stopped in _reckoned_of(lines, reckoning) if stopped <= due)


def _late(lines: Iterable[Overdue], reckoning: Reckoning) -> Iterator[tuple[Overdue, datetime]]:
    """Those of the lines whose clock was stopped late by the calendar, with the deadline."""
    return ((line, due) for line, due, stopped in _reckoned_of(lines, reckoning) if stopped > due)


def _reckoned_of(
    lines: Iterable[Overdue], reckoning: Reckoning
) -> Iterator[tuple[Overdue, datetime, datetime]]:
    """Lines with the deadline by the calendar, and the moment at which their clock was stopped."""
    with reading.remembered_versions.meanwhile():
        for line in lines:
            found = moving.reckoned(line.clock, reckoning)
            if found is not None and line.clock.stopped_at is not None:
                yield line, found[0].at, line.clock.stopped_at


@whole
def _correct_together(lines: Sequence[Overdue], notice: HolidayNotice, reckoning: Reckoning) -> int:
    """Correct those of these lines whose clock was stopped in time by the calendar."""
    objects = moving.locked_objects([(line.lifecycle, line.object_id) for line in lines])
    still = moving.standing(line.clock for line in lines)
    corrected, entries = [], []
    for line, due in _in_time(lines, reckoning):
        obj = objects.get((line.lifecycle, line.object_id))
        if obj is not None and line.clock_id in still:
            corrected.append(moving.unsaved_correction(line, due, notice))
            entries.append(
                moving.unsaved_entry(line.clock, obj, moving.CORRECT, moving.said(line.due_at, due))
            )
    Overdue.objects.bulk_create(corrected)
    Entry.objects.bulk_create(entries)
    return len(corrected)


@whole
def _enter_again_together(lines: Sequence[Overdue], notice: HolidayNotice, reckoning: Reckoning) -> int:
    """Enter again those of these corrected lines whose clock was stopped late by the calendar, as it was at first."""
    objects = moving.locked_objects([(line.lifecycle, line.object_id) for line in lines])
    still = set(
        _corrections_of(notice).filter(pk__in=[line.pk for line in lines]).values_list("pk", flat=True)
    )
    before = Overdue.objects.filter(clock__in=[line.clock_id for line in lines], corrects__isnull=False)
    rounds = Counter(before.values_list("clock", flat=True))
    entered, entries = [], []
    for line, due in _late(lines, reckoning):
        obj = objects.get((line.lifecycle, line.object_id))
        if obj is not None and line.pk in still:
            entered.append(moving.unsaved_line(line, due, round=rounds[line.clock_id]))
            entries.append(
                moving.unsaved_entry(line.clock, obj, moving.CORRECT, moving.said(line.due_at, due))
            )
    Overdue.objects.bulk_create(entered)
    Entry.objects.bulk_create(entries)
    return len(entered)
