"""The workbench: everything that waits for one person, emergencies and nearest deadlines first.

It is made from the lifecycle tables: an object waits for somebody whose role is awaited in its
state, with a few queries for each lifecycle.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation import moments
from foundation.deadlines import calendar, clocks, wording
from foundation.deadlines.models import Clock
from foundation.lifecycle.table import LIFECYCLES, Lifecycle, Step
from foundation.messaging.models import Message
from foundation.roles import Actor, Role
from foundation.scheduling import routines
from referrals.needs.states import NEED
from referrals.offers.states import REFERRAL

#: Rows of one lifecycle at most: to be done by this person, and awaited from others.
MOST, MOST_OTHERS = 60, 20


#: Days ahead for which the city's calendar is read in advance.
FARTHEST = 400


#: Lifecycles whose objects a role sees though it neither starts them nor is awaited in them.
FOLLOWED = {Role.HOUSEHOLD: (NEED, REFERRAL)}


@dataclass(frozen=True)
class Row:
    """One line of the workbench; ``step`` is None if others are awaited."""

    obj: Any
    step: Step | None
    due_at: datetime | None
    paused: bool
    provisional: bool
    basis: str
    left: str
    period_over: bool = False

    @property
    def title(self) -> str:
        """The title of the object: item and place."""
        return self.obj.row_title()

    @property
    def whose(self) -> str:
        """Whose it is, masked."""
        return self.obj.row_whose()

    @property
    def under(self) -> str:
        """The name of the object and whose it is, without what the title says already."""
        name = str(self.obj)
        return " · ".join(part for part in (name, self.whose) if part and part != self.title)

    @property
    def urgent(self) -> bool:
        """Whether it is an emergency."""
        return bool(getattr(self.obj, "urgent", False))

    @property
    def at_once(self) -> bool:
        """Whether the next step is made here with one click."""
        return bool(self.step and self.step.move and self.step.move.at_once)

    @property
    def key(self) -> str:
        """A new idempotency key for that click."""
        return uuid.uuid4().hex


@dataclass(frozen=True)
class Workbench:
    """Rows by how soon they are due, and those that wait for others.

    ``hidden`` counts objects to be done that are beyond ``MOST``.
    """

    overdue: list[Row]
    today: list[Row]
    week: list[Row]
    later: list[Row]
    others: list[Row]
    hidden: int = 0

    @property
    def mine(self) -> int:
        """How many objects wait for this person, the hidden ones included."""
        shown = (self.overdue, self.today, self.week, self.later)
        return sum(map(len, shown)) + self.hidden


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
    rows, hidden, today = [], 0, moments.today()
    overrides = calendar.overrides_between(today, today + timedelta(days=FARTHEST))
    for lifecycle in LIFECYCLES.values():
        found, more = _rows(lifecycle, actor, overrides)
        rows += found
        hidden += more
    rows.sort(key=lambda row: (not row.urgent, row.due_at is None, row.due_at or row.obj.created_at))
    now, bench = moments.now(), Workbench([], [], [], [], [], hidden)
    for row in rows:
        _place(bench, row, now).append(row)
    return bench


def _place(bench: Workbench, row: Row, now: datetime) -> list[Row]:
    """The list of the workbench to which a row belongs."""
    if row.step is None:
        return bench.others
    if row.due_at is None or row.paused:
        return bench.later
    if row.period_over:  # nobody is late, but the next step may be made now
        return bench.today
    left = row.due_at - now
    if left.total_seconds() < 0:
        return bench.overdue
    if left.days < 1:
        return bench.today
    return bench.week if left.days < 7 else bench.later


def _rows(lifecycle: Lifecycle, actor: Actor, overrides: dict[date, bool]) -> tuple[list[Row], int]:
    """The rows of one lifecycle, and how many more are to be done than are shown."""
    mine = lifecycle.states_waiting_for(actor.role)
    begun = any(actor.role in start.roles for start in lifecycle.starts)
    if not mine and not begun and lifecycle not in FOLLOWED.get(actor.role, ()):
        return [], 0
    rows_of: Any = lifecycle.model._default_manager
    visible = rows_of.visible_to(actor)
    to_do = visible.filter(Q(status__in=mine) | lifecycle.to_decide(actor.role))
    own = _nearest(lifecycle, to_do, MOST) if mine or lifecycle.proposals else []
    steps = lifecycle.next_steps(own, actor)
    more = to_do.count() - MOST if len(own) == MOST else 0
    others = [
        state
        for state in lifecycle.states.values
        if state not in mine and lifecycle.awaited_in(state) - {Role.SYSTEM}
    ]
    rest = visible.filter(status__in=others)
    awaited = _nearest(lifecycle, rest, MOST_OTHERS) if others else []
    running = clocks.running([*own, *awaited])
    rows = [(obj, steps[obj.pk]) for obj in own if steps[obj.pk]]
    rows += [(obj, None) for obj in awaited]
    return [_row(obj, step, running[obj.pk], overrides) for obj, step in rows], more


def _nearest(lifecycle: Lifecycle, waiting: QuerySet[Any], most: int) -> list[Any]:
    """The ``most`` objects with the nearest deadlines, then those without one.

    The query follows the index of running clocks by deadline and stops when it has enough, so a street
    with tens of thousands of open cases costs no more than a village.
    """
    model: Any = lifecycle.model
    running = Clock.objects.filter(lifecycle=lifecycle.label, stopped_at=None)
    nearest = running.filter(object_id__in=waiting.values("pk")).order_by("due_at", "object_id")
    # An object may have two clocks, so twice as many are read.
    found = nearest.values_list("object_id", flat=True)[: 2 * most]
    chosen = list(dict.fromkeys(found))[:most]
    if len(chosen) < most:
        timeless = waiting.filter(~Exists(running.filter(object_id=OuterRef("pk")))).order_by("pk")
        chosen += timeless.values_list("pk", flat=True)[: most - len(chosen)]
    joined = model._default_manager.select_related(*model.worklist_joins).in_bulk(chosen)
    return [joined[pk] for pk in chosen]


def _row(obj: Any, step: Step | None, running: list[Clock], overrides: dict[date, bool]) -> Row:
    """The row of an object with its nearest running clock."""
    clock = running[0] if running else None
    return Row(
        obj=obj,
        step=step,
        due_at=clock.due_at if clock else None,
        paused=bool(clock and clock.paused),
        provisional=bool(clock and clock.provisional),
        basis=clock.basis if clock else "",
        left=wording.left(clock.due_at, overrides) if clock else "",
        period_over=bool(clock and clock.period and clock.due_at <= moments.now()),
    )
