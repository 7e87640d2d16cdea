"""Deadlines that move with the calendar: a clock is reckoned anew from the day that it counts from.

It is done in batches, each in a transaction of its own; whatever is right already is left alone, so it may be
done again at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.deadlines import calendar
from foundation.deadlines.calendar import Due, Reckoning
from foundation.deadlines.models import Clock, Overdue
from foundation.holidays.models import HolidayNotice, MovedDeadline
from foundation.isolation import noted
from foundation.journal import sentences, writing
from foundation.journal.models import Entry
from foundation.lifecycle.table import LIFECYCLES
from foundation.roles import SYSTEM
from foundation.rules import reading
from foundation.transactions import whole
from foundation.wording import until
from foundation.work_items import settling

#: Clocks that are looked at in one statement, and moved in one transaction.
LOOKED_AT, AT_ONCE = 2_000, 200

#: What is written into the journal here.
RECOMPUTE = sentences.act("recompute", gettext_lazy("放假安排公布，系统重算了时限"))
CORRECT = sentences.act("correct_overdue", gettext_lazy("放假安排公布，系统更正了逾期登记"))

#: What is read of a clock to reckon it anew.
COLUMNS = ("pk", "rule_key", "rule_version", "started_at", "due_at", "provisional", "lost", "pauses")

#: The columns of a clock that move.
MOVES = ("due_at", "provisional", "lost", "remind_at", "reminded_at", "overdue_at", "escalated", "corrected")


def reckoned(clock: Any, reckoning: Reckoning) -> tuple[Due, int] | None:
    """When a clock (or a row of its columns) ends by a calendar, and the working days of its pauses; None for one
    that does not count working days, or whose rule there is no more.

    The days of a pause that is over are counted anew as well.
    """
    count = _working_days(clock.rule_key, clock.rule_version)
    if count is None:
        return None
    lost = _lost(clock.pauses, reckoning) if clock.pauses else clock.lost
    start = clock.started_at.astimezone(moments.SHANGHAI).date()
    return reckoning.due(start, count + lost), lost


def _working_days(key: str, version: int) -> int | None:
    """The working days of a rule in a version; None if it counts otherwise, or is unknown."""
    try:
        value = reading.as_it_was(f"deadline.{key}", version).value
    except KeyError:
        return None
    return int(value["amount"]) if value["unit"] == "working_days" else None


def _lost(pauses: Sequence[Sequence[str]], reckoning: Reckoning) -> int:
    """The working days of pauses, each with its first and its last day."""
    ends = ((date.fromisoformat(first), date.fromisoformat(last)) for first, last in pauses)
    return sum(reckoning.between(first, last) for first, last in ends)


@dataclass
class Looked:
    """A part of the clocks that was looked at: the last one, how many, and those that are to move."""

    last: int = 0
    count: int = 0
    wrong: list[int] = field(default_factory=list)


def look(clocks: models.QuerySet[Clock], after: int, reckoning: Reckoning) -> Looked:
    """The next clocks after a primary key, and which of them end otherwise by the calendar: one statement, and one
    for the versions of rules if any of them started under another than the default.
    """
    found = Looked(after)
    rows = clocks.filter(pk__gt=after).order_by("pk").values_list(*COLUMNS, named=True)[:LOOKED_AT]
    with reading.remembered_versions.meanwhile():
        for row in rows:
            found.last, found.count = row.pk, found.count + 1
            due = reckoned(row, reckoning)
            if due is not None and (*_ends(due[0]), due[1]) != (row.due_at, row.provisional, row.lost):
                found.wrong.append(row.pk)
    return found


def _ends(due: Due) -> tuple[datetime, bool]:
    return due.at, due.provisional


def move(pks: Sequence[int], notice: HolidayNotice | None) -> int:
    """Move clocks to where they end by the calendar of now; returns how many moved to another moment.

    An error of one clock is logged and keeps no other from moving.
    """
    moved = 0
    for start in range(0, len(pks), AT_ONCE):
        part = pks[start : start + AT_ONCE]
        try:
            moved += _move_together(part, notice)
        except Exception:
            for pk in part:
                with noted("clock.recompute", clock=pk):
                    moved += _move_together([pk], notice)
    return moved


@whole
def _move_together(pks: Sequence[int], notice: HolidayNotice | None) -> int:
    """Move clocks in one transaction, in whose statements their number does not show.

    The objects are locked before their clocks, as in every transition.
    """
    running = Clock.objects.filter(pk__in=pks, stopped_at=None)
    objects = locked_objects(running.values_list("lifecycle", "object_id"))
    clocks = list(running.select_for_update().order_by("pk"))
    entries, moves, lines = [], [], []
    registered = standing(clock for clock in clocks if clock.overdue_at)
    reckoning = Reckoning(calendar.entered())
    with reading.remembered_versions.meanwhile():
        for clock in clocks:
            before = clock.due_at
            if not _reckon(clock, reckoning) or before == clock.due_at:
                continue
            obj = objects.get((clock.lifecycle, clock.object_id))
            if obj is None:
                continue
            words = said(before, clock.due_at)
            moves.append(_move_of(clock, obj, before, notice))
            entries.append(unsaved_entry(clock, obj, RECOMPUTE, words))
            line = registered.get(clock.pk)
            if clock.overdue_at and clock.due_at > moments.now():
                clock.overdue_at, clock.escalated, clock.corrected = None, 0, clock.corrected + 1
                if line is not None:
                    lines.append(unsaved_correction(line, clock.due_at, notice))
                    entries.append(unsaved_entry(clock, obj, CORRECT, words))
            elif clock.overdue_at:
                clock.overdue_at = max(clock.overdue_at, clock.due_at)
    Clock.objects.bulk_update(clocks, MOVES)
    Entry.objects.bulk_create(entries)
    MovedDeadline.objects.bulk_create(moves)
    Overdue.objects.bulk_create(lines)
    for obj in objects.values():
        settling.touch(obj, *obj.due_beside())
    return len(moves)


def locked_objects(keys: Any) -> dict[tuple[str, int], Any]:
    """The objects of clocks by label and primary key, locked against transitions."""
    known = {(label, pk) for label, pk in keys if label in LIFECYCLES}
    found = settling.locked(sorted(known)) if known else {}
    return {(label, obj.pk): obj for label, objects in found.items() for obj in objects}


def standing(clocks: Any) -> dict[int, Overdue]:
    """The lines of the overdue register about clocks that nothing corrects, by the clock."""
    pks = [clock.pk for clock in clocks]
    if not pks:
        return {}
    lines = Overdue.objects.filter(clock__in=pks, corrects=None, correction=None)
    return {line.clock_id: line for line in lines}


def _reckon(clock: Clock, reckoning: Reckoning) -> bool:
    """Set when the clock ends, and when it reminds, by the calendar; whether it counts working days."""
    found = reckoned(clock, reckoning)
    if found is None:
        return False
    due, clock.lost = found
    rule = reading.as_it_was(f"deadline.{clock.rule_key}", clock.rule_version)
    if clock.due_at != due.at:
        clock.remind_at = due.at - timedelta(hours=int(rule.value["remind_hours"]))
        if clock.remind_at > moments.now():
            clock.reminded_at = None
    clock.due_at, clock.provisional = due.at, due.provisional
    return True


def said(before: datetime, after: datetime) -> str:
    """From when to when a deadline moved, in words."""
    return _("到期日由 %(before)s 改为 %(after)s") % {"before": until(before), "after": until(after)}


def _move_of(clock: Clock, obj: Any, before: datetime, notice: HolidayNotice | None) -> MovedDeadline:
    """The unsaved record of one move."""
    return MovedDeadline(
        notice=notice,
        clock=clock,
        lifecycle=clock.lifecycle,
        object_id=obj.pk,
        object_name=str(obj)[:120],
        link=obj.get_absolute_url(),
        case=obj.case_key(),
        before=before,
        after=clock.due_at,
        at=moments.now(),
    )


def unsaved_entry(clock: Clock, obj: Any, act: str, words: str) -> Entry:
    """The unsaved journal entry about the clock's object."""
    return writing.unsaved(clock.lifecycle, obj, act, SYSTEM, reason=words, basis=clock.basis)


def unsaved_correction(line: Overdue, due_at: datetime, notice: HolidayNotice | None) -> Overdue:
    """The unsaved line that says that by the calendar of now the deadline was not missed."""
    why = _("按%(notice)s，到期应为 %(due)s，当时没有逾期") % {
        "notice": source_of(notice),
        "due": until(due_at),
    }
    return unsaved_line(line, due_at, round=line.round, corrects=line, reason=why[:300])


def unsaved_line(line: Overdue, due_at: datetime, **given: Any) -> Overdue:
    """An unsaved line of now about the same missed deadline."""
    kept = ("clock_id", "lifecycle", "object_id", "object_name", "link", "awaited")
    known = {name: getattr(line, name) for name in (*kept, "rule_key", "rule_version", "basis")}
    return Overdue(**known, due_at=due_at, at=moments.now(), **given)


def source_of(notice: HolidayNotice | None) -> str:
    """The notice with its number; words for one that came with the product."""
    if notice is None:
        return _("国务院公布的放假安排")
    return _("%(notice)s（%(number)s）") % {"notice": notice, "number": notice.number}


def recompute() -> int:
    """Reckon every running clock anew, as each night: a new version of the package may have announced a year.

    Returns how many moved to another moment.
    """
    moved, looked = 0, Looked()
    running = Clock.objects.filter(stopped_at=None)
    reckoning = Reckoning(calendar.entered())
    while (looked := look(running, looked.last, reckoning)).count:
        moved += move(looked.wrong, None)
    return moved
