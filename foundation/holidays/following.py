"""Deadlines follow confirmed notices in the background, and those who wait are told once for a case.

How far it came stands on the notice: what a killed worker left is taken up within a minute.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import structlog
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation import moments
from foundation.advisory_locks import held_alone
from foundation.deadlines import calendar
from foundation.deadlines.calendar import Reckoning
from foundation.deadlines.models import Clock
from foundation.holidays import ended, moving
from foundation.holidays.models import HolidayNotice, MovedDeadline
from foundation.inbox.models import Notice
from foundation.inbox.notices import MOST_LETTERS
from foundation.lifecycle.models import about
from foundation.scheduling.stalled import queue_once
from foundation.transactions import whole
from foundation.wording import in_each_language, in_this_language
from foundation.work_items.models import WorkItem

log = structlog.stdlib.get_logger(__name__)

#: Cases of which people are told in one transaction.
CASES = 200

#: The task that follows; it is queued once at most.
TASK, LOCK = "foundation.tasks.follow_holidays", "holidays"


def take_up() -> bool:
    """Queue the work again while a notice is not followed to its end, or somebody has not been told; whether it is."""
    left = HolidayNotice.objects.unfollowed().exists() or _untold().exists()
    if left:
        queue_once(TASK, lock=LOCK)
    return left


def follow() -> int:
    """Move the deadlines of every confirmed notice and tell those who wait; returns how many moved.

    One worker does it at a time; another one finds it taken and leaves.
    """
    with held_alone(LOCK) as acquired:
        if not acquired:
            return 0
        moved = sum(_follow_one(notice) for notice in HolidayNotice.objects.unfollowed())
        _tell_all()
        return moved


def follow_the_package() -> int:
    """Reckon all running clocks anew and tell those who wait, as each night; returns how many moved."""
    with held_alone(LOCK) as acquired:
        if not acquired:
            return 0
        moved = moving.recompute()
        _tell_all()
        return moved


def _follow_one(notice: HolidayNotice) -> int:
    """Move the deadlines that cross the days of one notice, from where it came to before."""
    own = HolidayNotice.objects.filter(pk=notice.pk)
    running = Clock.objects.filter(notice.meets, stopped_at=None)
    reckoning = Reckoning(calendar.entered())
    moved, after = 0, notice.passed
    while (looked := moving.look(running, after, reckoning)).count:
        count, after = moving.move(looked.wrong, notice), looked.last
        moved += count
        own.update(passed=after, looked_at=F("looked_at") + looked.count, moved=F("moved") + count)
    corrected = ended.correct(notice, reckoning)
    own.update(followed_at=moments.now())
    log.info("holidays.followed", notice=notice.pk, moved=moved, corrected=corrected)
    return moved


def _untold() -> QuerySet[MovedDeadline]:
    """The moves of which those who wait have not been told."""
    return MovedDeadline.objects.filter(told=False)


def _tell_all() -> None:
    """Tell of every move that nobody was told of yet."""
    while cases := list(_untold().order_by("case").values_list("case", flat=True).distinct()[:CASES]):
        _tell(cases)


@whole
def _tell(cases: Sequence[str]) -> None:
    """Tell everybody who waits in these cases, once for each case, and note that it was done."""
    moves = list(_untold().filter(case__in=cases).select_for_update(of=("self",)).order_by("after", "pk"))
    last: dict[tuple[str, int, int], MovedDeadline] = {}
    for move in moves:
        key = (move.lifecycle, move.object_id, move.clock_id)
        last[key] = _joined(last.get(key), move)
    of_objects: dict[tuple[str, int], list[MovedDeadline]] = defaultdict(list)
    for move in last.values():
        if move.before != move.after:
            of_objects[move.lifecycle, move.object_id].append(move)
    items = WorkItem.objects.filter(about(of_objects), waits=True).order_by("lifecycle", "object_id", "seat")
    told: dict[tuple[str, str], list[tuple[WorkItem, MovedDeadline]]] = defaultdict(list)
    for item in items:
        for move in of_objects[item.lifecycle, item.object_id]:
            told[move.case, item.seat].append((item, move))
    sources = {
        notice.pk: notice for notice in HolidayNotice.objects.filter(pk__in={m.notice_id for m in moves})
    }
    Notice.objects.bulk_create(_notice(found, sources) for found in told.values())
    MovedDeadline.objects.filter(pk__in=[move.pk for move in moves]).update(told=True)


def _joined(earlier: MovedDeadline | None, later: MovedDeadline) -> MovedDeadline:
    """Two moves of one clock as one, from the first deadline to the last."""
    if earlier is None:
        return later
    first, second = sorted((earlier, later), key=lambda move: move.pk)
    second.before = first.before
    return second


def _notice(found: list[tuple[WorkItem, MovedDeadline]], sources: dict[int, HolidayNotice]) -> Notice:
    """The unsaved notice to one addressee about one case: its nearest deadline, and how many others moved."""
    item, move = min(found, key=lambda each: (each[1].after, each[1].pk))
    addressee = item.addressee
    source = sources.get(move.notice_id) if move.notice_id else None
    (texts,) = in_each_language(lambda: _said(item, move, source, len(found) - 1)[:MOST_LETTERS])
    return Notice(
        at=moments.now(),
        role=addressee.role,
        organization_id=addressee.organization,
        place_id=addressee.place,
        user_id=addressee.user,
        lifecycle=move.lifecycle,
        object_id=move.object_id,
        texts=texts,
        link=item.link,
    )


def _said(item: WorkItem, move: MovedDeadline, source: HolidayNotice | None, others: int) -> str:
    """The notice in the language of now."""
    text = _("%(object)s：因%(notice)s，%(moved)s") % {
        "object": in_this_language(item.name),
        "notice": moving.source_of(source),
        "moved": moving.said(move.before, move.after),
    }
    if others:
        more = ngettext("，同案另有 %(n)s 个时限一并改动", "，同案另有 %(n)s 个时限一并改动", others)
        text += more % {"n": others}
    return text
