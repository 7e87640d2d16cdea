"""The workbench: everything that waits for one person, emergencies and nearest deadlines first.

It reads work items, of which objects of one case are one row with the next step.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.safestring import SafeString

from foundation import moments
from foundation.deadlines import calendar, wording
from foundation.inbox.notices import enumerated, names_of
from foundation.lifecycle.table import Step
from foundation.messaging.models import Message
from foundation.parties import Addressee
from foundation.refusals import Words
from foundation.roles import Actor
from foundation.scheduling import routines
from foundation.ui.chips import chip_of
from foundation.wording import in_this_language
from foundation.work_items.models import Counted, WorkItem, seats_of
from foundation.work_items.steps import steps_of
from referrals.matters.models import Matter
from referrals.needs.models import Need
from referrals.offers.models import Referral
from referrals.requests.models import RequestForOffers

#: What is read at most: items to be done by this person, and cases that wait for others.
MOST, MOST_OTHERS = 50, 20


#: Days ahead for which the city's calendar is read in advance.
FARTHEST = 400


#: What is done for a need.
FOR_A_NEED = {model._meta.label for model in (Matter, Referral, RequestForOffers)}


@dataclass(frozen=True)
class Row:
    """One line of the workbench: the nearest item of a case; ``step`` is None if others are awaited.

    ``others`` are further items of the case that this person has, ``who`` names those who are
    awaited, ``kept`` says that the step is another person's since this one made the step before. ``head`` is
    the item of the object that the case is named after, where others are awaited and this one waits too:
    the row then stands for the whole case.
    """

    item: WorkItem
    step: Step | None
    left: str
    others: int = 0
    who: str = ""
    kept: bool = False
    head: WorkItem | None = None

    @property
    def shown(self) -> WorkItem:
        """The item of the object that the row is named after."""
        return self.head or self.item

    @property
    def title(self) -> str:
        """The title of the object: item and place."""
        return in_this_language(self.shown.title)

    @property
    def under(self) -> str:
        """The name of the object and whose it is, masked, without what the title says already."""
        parts = (in_this_language(self.shown.name), in_this_language(self.shown.whose))
        return " · ".join(filter(None, (without(part, self.title) for part in parts)))

    @property
    def missing(self) -> str:
        """What this person's step waits for; "" for nothing."""
        return in_this_language(self.shown.missing)

    @property
    def chip(self) -> SafeString:
        """The chip of the object's state."""
        return chip_of(self.shown.table.model, self.shown.state)

    @property
    def due_by(self) -> Words:
        """What is to be done by the deadline, where that is not the step; "" otherwise."""
        name = self.item.due_by
        other = name and not (self.step and self.step.name == name)
        return self.item.table.step_labels.get(name, "") if other else ""

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
    there are still more, ``more_others`` that more than the first ``MOST_OTHERS`` cases wait for others.
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
    others = _followed(to_do, watched) if actor.private else _firsts(watched, cases)
    whole, steps, left = _Whole(actor, others), _steps(cases), _Left()
    counted = WorkItem.objects.count_cases(actor) if len(to_do) > MOST else Counted()
    bench = Workbench(hidden=max(counted.cases - len(cases), 0), many=counted.more, more_others=more_others)
    for first, *further in cases.values():
        beside = len(further) if actor.private else first.in_case - 1
        row = Row(first, steps[first.pk], left.of(first), others=beside)
        _place(bench, row).append(row)
    apart = {(item.lifecycle, item.object_id) for item in others} if actor.private else set()
    for item in others:
        is_kept = item in kept
        head = None if is_kept or actor.private else whole.head_of(item)
        who = whole.awaited_for(head) if head else whole.awaited_for_object(item, apart)
        row = Row(item, None, left.of(item), others=item.in_case - 1, who=who, kept=is_kept, head=head)
        bench.others.append(row)
    return bench


def _urgency(item: WorkItem) -> tuple[bool, bool, bool, datetime, int]:
    """The order of items: emergencies, then by deadline; at last those whose clock stands still."""
    return item.paused, not item.urgent, item.due_at is None, item.due_at or item.since, item.pk


def _followed(to_do: Iterable[WorkItem], watched: Sequence[WorkItem]) -> list[WorkItem]:
    """What a private person sees wait for others: each need and complaint is a row of its own; the page of a
    need tells what is done for it.
    """
    with_needs = {item.case for item in (*to_do, *watched) if item.lifecycle == Need._meta.label}
    shown = (item for item in watched if item.lifecycle not in FOR_A_NEED or item.case not in with_needs)
    found: dict[tuple[str, int], WorkItem] = {}
    for item in shown:
        found.setdefault((item.lifecycle, item.object_id), item)
    return list(found.values())


def _firsts(items: Iterable[WorkItem], but: Collection[str]) -> list[WorkItem]:
    """The first item of each case but for these."""
    return [found[0] for case, found in _by_case(items).items() if case not in but]


def _by_case(items: Iterable[WorkItem]) -> dict[str, list[WorkItem]]:
    """The items by case, in their order."""
    found: dict[str, list[WorkItem]] = defaultdict(list)
    for item in items:
        found[item.case].append(item)
    return found


def _steps(cases: dict[str, list[WorkItem]]) -> dict[int, Step]:
    """The next step of the first item of each case, by the item's primary key."""
    return steps_of([items[0] for items in cases.values()])


class _Whole:
    """What the cases of items that wait for others are named after, and who is awaited for them, as far as the
    reader is told who that is.

    Of the other objects of a case only those count that the reader sees as well: that he has items of. What
    waits for the reader is a row of its own.
    """

    def __init__(self, reader: Actor, items: Sequence[WorkItem]) -> None:
        self._of: dict[object, list[Addressee]] = defaultdict(list)
        self._in: dict[str, list[tuple[tuple[str, int], Addressee]]] = defaultdict(list)
        self._heads: dict[str, WorkItem] = {}
        own = seats_of(reader)
        for item in WorkItem.objects.of_cases(dict.fromkeys(item.case for item in items), reader):
            if item.seat in own and item.heads_its_case:
                self._heads.setdefault(item.case, item)
            kept = reader.user_id in item.kept_from and item.user_id is None
            if item.waits and (item.seat not in own or kept):
                addressee = item.addressee_for(reader)
                self._of[item.lifecycle, item.object_id].append(addressee)
                self._of[item.case].append(addressee)
                self._in[item.case].append(((item.lifecycle, item.object_id), addressee))
        self._names = names_of({addressee for found in self._of.values() for addressee in found}, reader)

    def head_of(self, item: WorkItem) -> WorkItem | None:
        """The item of the object that the item's case is named after; None where the reader has none of it."""
        return self._heads.get(item.case)

    def awaited_for(self, head: WorkItem) -> str:
        """The roles awaited for a whole case, each with who holds it."""
        return self._said(self._of.get(head.case, []))

    def awaited_for_object(self, item: WorkItem, shown: Collection[tuple[str, int]] = ()) -> str:
        """The same for the item's object alone, or where nobody is awaited for itself for what else there is of its
        case, but for the objects that are ``shown`` in rows of their own.
        """
        own = self._of.get((item.lifecycle, item.object_id), [])
        beside = [addressee for obj, addressee in self._in.get(item.case, []) if obj not in shown]
        return self._said(own or beside)

    def _said(self, awaited: Iterable[Addressee]) -> str:
        return enumerated(self._names[addressee] for addressee in awaited)


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
