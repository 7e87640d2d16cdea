"""The workbench: everything that waits for one person, nearest deadline first.

It is made from the lifecycle tables alone: an object waits for somebody whose
role is awaited in its state. Three queries a lifecycle at most.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from foundation import moments
from foundation.deadlines import calendar, clocks, wording
from foundation.deadlines.models import Clock
from foundation.lifecycle.table import LIFECYCLES, Lifecycle, Step
from foundation.roles import Actor, Role
from referrals.lifecycle import NEED, REFERRAL

#: Rows of one lifecycle that are shown at most: to be done, and awaited from others.
MOST, MOST_OTHERS = 60, 20

#: Days ahead for which the city's calendar is read at once.
FARTHEST = 400

#: What a role follows though it neither begins it nor has the next move in it.
FOLLOWED = {Role.HOUSEHOLD: (NEED, REFERRAL)}


@dataclass(frozen=True)
class Row:
    """One line of the workbench; ``step`` is None where others are awaited."""

    obj: Any
    step: Step | None
    due_at: datetime | None
    paused: bool
    provisional: bool
    basis: str
    left: str

    @property
    def title(self) -> str:
        """What it is: item and place."""
        return self.obj.row_title()

    @property
    def whose(self) -> str:
        """Whose it is, masked."""
        return self.obj.row_whose()

    @property
    def at_once(self) -> bool:
        """Whether the next step is done with one click, here."""
        return bool(self.step and self.step.move and self.step.move.at_once)

    @property
    def key(self) -> str:
        """A new idempotency key for that click."""
        return uuid.uuid4().hex


@dataclass(frozen=True)
class Workbench:
    """Rows by how soon they are due, and what waits for others."""

    overdue: list[Row]
    today: list[Row]
    week: list[Row]
    later: list[Row]
    others: list[Row]
    hidden: int = 0

    @property
    def mine(self) -> int:
        """How many things wait for this person, the hidden ones included."""
        shown = (self.overdue, self.today, self.week, self.later)
        return sum(map(len, shown)) + self.hidden


def open_for(actor: Actor) -> Workbench:
    """The workbench of a person in a role."""
    rows, hidden, today = [], 0, moments.today()
    overrides = calendar.overrides_between(today, today + timedelta(days=FARTHEST))
    for lifecycle in LIFECYCLES.values():
        found, more = _rows(lifecycle, actor, overrides)
        rows += found
        hidden += more
    rows.sort(key=lambda row: (row.due_at is None, row.due_at or row.obj.created_at))
    now, bench = moments.now(), Workbench([], [], [], [], [], hidden)
    for row in rows:
        _place(bench, row, now).append(row)
    return bench


def _place(bench: Workbench, row: Row, now: datetime) -> list[Row]:
    if row.step is None:
        return bench.others
    if row.due_at is None or row.paused:
        return bench.later
    left = row.due_at - now
    if left.total_seconds() < 0:
        return bench.overdue
    if left.days < 1:
        return bench.today
    return bench.week if left.days < 7 else bench.later


def _rows(lifecycle: Lifecycle, actor: Actor, overrides: dict[date, bool]) -> tuple[list[Row], int]:
    """The rows of one lifecycle, and how many more there are to be done than are shown."""
    mine = lifecycle.states_waiting_for(actor.role)
    begun = any(actor.role in each.roles for each in lifecycle.starts)
    if not mine and not begun and lifecycle not in FOLLOWED.get(actor.role, ()):
        return [], 0
    waiting = _waiting(lifecycle, actor)
    own = _nearest(waiting.filter(status__in=mine), MOST) if mine else []
    steps = lifecycle.next_steps(own, actor)
    more = waiting.filter(status__in=mine).count() - MOST if len(own) == MOST else 0
    others = [
        state
        for state in lifecycle.states.values
        if state not in mine and lifecycle.awaited_in(state) - {Role.SYSTEM}
    ]
    awaited = _nearest(waiting.filter(status__in=others), MOST_OTHERS) if others else []
    running = clocks.running([*own, *awaited])
    rows = [(each, steps[each.pk]) for each in own if steps[each.pk]]
    rows += [(each, None) for each in awaited]
    return [_row(obj, step, running[obj.pk], overrides) for obj, step in rows], more


def _waiting(lifecycle: Lifecycle, actor: Actor) -> QuerySet[Any]:
    """What the actor sees of a kind, nearest deadline first."""
    due = Clock.objects.filter(
        lifecycle=lifecycle.label, object_id=OuterRef("pk"), stopped_at=None
    ).order_by("due_at")
    visible = lifecycle.model._default_manager.visible_to(actor)
    return visible.annotate(first_due=Subquery(due.values("due_at")[:1])).order_by(
        F("first_due").asc(nulls_last=True), "pk"
    )


def _nearest(waiting: QuerySet[Any], most: int) -> list[Any]:
    """The first ``most``, with what a row shows: sorted bare, and joined only then."""
    model = waiting.model
    chosen = list(waiting.values_list("pk", flat=True)[:most])
    found = model._default_manager.select_related(*model.worklist_joins).in_bulk(chosen)
    return [found[pk] for pk in chosen]


def _row(obj: Any, step: Step | None, running: list[Clock], overrides: dict[date, bool]) -> Row:
    clock = running[0] if running else None
    return Row(
        obj=obj,
        step=step,
        due_at=clock.due_at if clock else None,
        paused=bool(clock and clock.paused),
        provisional=bool(clock and clock.provisional),
        basis=clock.basis if clock else "",
        left=wording.left(clock.due_at, overrides) if clock else "",
    )
