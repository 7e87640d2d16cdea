"""The workbench: everything that waits for one person, emergencies and nearest deadlines first.

It reads work items, of which objects of one case are one row with the next step.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.safestring import SafeString

from foundation import moments
from foundation.deadlines import calendar, wording
from foundation.inbox.notices import names_of
from foundation.lifecycle.table import LIFECYCLES, Step
from foundation.messaging.models import Message
from foundation.parties import Addressee
from foundation.roles import Actor
from foundation.scheduling import routines
from foundation.ui.chips import chip_of
from foundation.wording import listed
from foundation.work_items.models import Counted, WorkItem, in_this_language, seats_of
from referrals.matters.models import Matter
from referrals.needs.models import Need
from referrals.offers.models import Referral
from referrals.requests.models import RequestForOffers

#: Items that are read at most: to be done by this person, and waiting for others.
MOST, MOST_OTHERS = 50, 20


#: Days ahead for which the city's calendar is read in advance.
FARTHEST = 400


#: What is done for a need.
FOR_A_NEED = {model._meta.label for model in (Matter, Referral, RequestForOffers)}


@dataclass(frozen=True)
class Row:
    """One line of the workbench: the nearest item of a case; ``step`` is None if others are awaited.

    ``others`` are further items of the case that wait for this person, ``who`` names those who are
    awaited, ``kept`` says that the step is another person's since this one made the step before.
    """

    item: WorkItem
    step: Step | None
    left: str
    others: int = 0
    who: str = ""
    kept: bool = False

    @property
    def title(self) -> str:
        """The title of the object: item and place."""
        return in_this_language(self.item.title)

    @property
    def under(self) -> str:
        """The name of the object and whose it is, masked, without what the title says already."""
        parts = (in_this_language(self.item.name), in_this_language(self.item.whose))
        return " · ".join(filter(None, (without(part, self.title) for part in parts)))

    @property
    def missing(self) -> str:
        """What this person's step waits for; "" for nothing."""
        return in_this_language(self.item.missing)

    @property
    def chip(self) -> SafeString:
        """The chip of the object's state."""
        return chip_of(self.item.table.model, self.item.state)

    @property
    def period_over(self) -> bool:
        """Whether a period has ended, so that the next step may be made and nobody is late."""
        due = self.item.due_at
        return self.item.period and due is not None and due <= moments.now()

    @property
    def at_once(self) -> bool:
        """Whether the next step is made here with one click."""
        row = self.item.transition
        return bool(self.step and row and row.at_once and row.name == self.step.name)

    @property
    def key(self) -> str:
        """A new idempotency key for that click."""
        return uuid.uuid4().hex


def without(words: str, title: str) -> str:
    """The words without those parts that the title of the row says already."""
    left = f" {words} "
    for said in (title, *title.split(" · ")):
        left = left.replace(f" {said} ", " ")
    left = left.strip(" ·")
    return "" if left in title else left


@dataclass(frozen=True)
class Workbench:
    """Rows to be done, emergencies first and the others by how soon they are due, and those that wait for others.

    ``hidden`` counts the cases to be done of which no item is among the first ``MOST``; ``many`` says that
    there are still more, ``more_others`` that more than the first ``MOST_OTHERS`` items wait for others.
    """

    urgent: list[Row] = field(default_factory=list)
    overdue: list[Row] = field(default_factory=list)
    today: list[Row] = field(default_factory=list)
    week: list[Row] = field(default_factory=list)
    later: list[Row] = field(default_factory=list)
    others: list[Row] = field(default_factory=list)
    hidden: int = 0
    many: bool = False
    more_others: bool = False

    @property
    def to_do(self) -> list[Row]:
        """The rows that wait for this person, in their order."""
        return [*self.urgent, *self.overdue, *self.today, *self.week, *self.later]

    @property
    def mine(self) -> int:
        """How many cases wait for this person, the hidden ones included."""
        return len(self.to_do) + self.hidden


@dataclass(frozen=True)
class Troubles:
    """What has stopped working and needs civil affairs."""

    never_ran: bool
    stands_since: datetime | None
    undelivered: int


def troubles() -> Troubles:
    """Since when the clocks have not run, and how many messages were not delivered."""
    since = routines.standstill()
    return Troubles(
        never_ran=since is True,
        stands_since=since if isinstance(since, datetime) else None,
        undelivered=Message.objects.filter(undelivered_at__isnull=False).count(),
    )


def open_for(actor: Actor) -> Workbench:
    """The workbench of an actor."""
    to_do, kept, watched = WorkItem.objects.nearest(actor, MOST + 1, MOST_OTHERS + 1)
    more_others = max(len(kept), len(watched)) > MOST_OTHERS
    cases = _by_case(to_do[:MOST])
    watched = sorted((*kept[:MOST_OTHERS], *watched[:MOST_OTHERS]), key=_urgency)
    others = _followed(to_do, watched) if actor.private else _by_case(watched)
    beside = {case: len(others.pop(case, ())) for case in cases}
    who, steps, left = _Awaited(actor, [items[0] for items in others.values()]), _steps(cases), _Left()
    counted = WorkItem.objects.count_cases(actor) if len(to_do) > MOST else Counted()
    bench = Workbench(hidden=max(counted.cases - len(cases), 0), many=counted.more, more_others=more_others)
    for first, *further in cases.values():
        row = Row(first, steps[first.pk], left.of(first), others=len(further) + beside[first.case])
        _place(bench, row).append(row)
    for first, *further in others.values():
        row = Row(first, None, left.of(first), others=len(further), who=who(first), kept=first in kept)
        bench.others.append(row)
    return bench


def _urgency(item: WorkItem) -> tuple[bool, bool, bool, datetime, int]:
    """The order of items: emergencies, then by deadline; at last those whose clock stands still."""
    return item.paused, not item.urgent, item.due_at is None, item.due_at or item.since, item.pk


def _followed(to_do: Iterable[WorkItem], watched: Sequence[WorkItem]) -> dict[str, list[WorkItem]]:
    """What a private person sees wait for others: each need and complaint is a row of its own; the page of a
    need tells what is done for it.
    """
    with_needs = {item.case for item in (*to_do, *watched) if item.lifecycle == Need._meta.label}
    shown = [item for item in watched if item.lifecycle not in FOR_A_NEED or item.case not in with_needs]
    return {f"{item.lifecycle} {item.object_id}": [item] for item in shown}


def _by_case(items: Iterable[WorkItem]) -> dict[str, list[WorkItem]]:
    """The items by case, in their order."""
    found: dict[str, list[WorkItem]] = defaultdict(list)
    for item in items:
        found[item.case].append(item)
    return found


def _steps(cases: dict[str, list[WorkItem]]) -> dict[int, Step]:
    """The next step of the first item of each case, by the item's primary key."""
    firsts = [items[0] for items in cases.values()]
    found = {item.pk: Step(item.step, item.address, item.step_label) for item in firsts}
    for label in dict.fromkeys(item.lifecycle for item in firsts):
        at_reading = LIFECYCLES[label].at_reading
        if at_reading:
            theirs = {item.object_id: item for item in firsts if item.lifecycle == label}
            now = at_reading(list(theirs))
            found |= {theirs[pk].pk: step for pk, step in now.items()}
    return found


class _Awaited:
    """Names those who are awaited for objects that wait for others, as far as the reader is told who they are.

    Of the other objects of a case only those count that the reader sees as well: that he has items of. What
    waits for the reader is a row of its own.
    """

    def __init__(self, reader: Actor, items: Sequence[WorkItem]) -> None:
        self._of: dict[object, list[Addressee]] = defaultdict(list)
        own = seats_of(reader)
        mine, waiting = self._items_of({item.case for item in items}, own)
        for item in waiting:
            if item.seat in own and reader.user_id not in item.kept_from:
                continue
            addressee = item.addressee_for(reader)
            self._of[item.lifecycle, item.object_id].append(addressee)
            if (item.lifecycle, item.object_id) in mine:
                self._of[item.case].append(addressee)
        self._names = names_of({addressee for found in self._of.values() for addressee in found})

    @staticmethod
    def _items_of(cases: set[str], seats: list[str]) -> tuple[set[tuple[str, int]], list[WorkItem]]:
        """The objects of these cases that have items of these seats, and all items that wait for somebody."""
        if not cases:
            return set(), []
        found = WorkItem.objects.filter(Q(waits=True) | Q(seat__in=seats), case__in=cases).order_by("pk")
        known = [item for item in found if item.known]
        mine = {(item.lifecycle, item.object_id) for item in known if item.seat in seats}
        return mine, [item for item in known if item.waits]

    def __call__(self, item: WorkItem) -> str:
        """The roles awaited for the item's object, else for its case, each with who holds it."""
        awaited = self._of.get((item.lifecycle, item.object_id)) or self._of.get(item.case, [])
        return listed(dict.fromkeys(self._names[addressee] for addressee in awaited))


class _Left:
    """The time left in words, with the city's calendar read once."""

    def __init__(self) -> None:
        today = moments.today()
        self._overrides: dict[date, bool] = calendar.overrides_between(
            today, today + timedelta(days=FARTHEST)
        )

    def of(self, item: WorkItem) -> str:
        """The time left until the deadline of an item; "" without one."""
        return wording.left(item.due_at, self._overrides) if item.due_at else ""


def _place(bench: Workbench, row: Row) -> list[Row]:
    """The list of the workbench to which a row that waits for this person belongs."""
    item = row.item
    if item.urgent and not item.paused:
        return bench.urgent
    if item.due_at is None or item.paused:
        return bench.later
    if row.period_over:  # nobody is late, but the next step may be made now
        return bench.today
    left = item.due_at - moments.now()
    if left.total_seconds() < 0:
        return bench.overdue
    if left.days < 1:
        return bench.today
    return bench.week if left.days < 7 else bench.later
