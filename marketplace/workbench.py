"""The workbench: everything that waits for one person, nearest deadline first.

It is made from the lifecycle tables alone: an object waits for somebody whose
role is awaited in its state. Three queries a lifecycle at most.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from foundation import moments
from foundation.deadlines.models import Clock
from foundation.lifecycle.table import LIFECYCLES, Lifecycle, Step
from foundation.roles import Actor, Role
from referrals.lifecycle import NEED, REFERRAL

#: Rows of one lifecycle that are read at most.
MOST = 60

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

    @property
    def mine(self) -> int:
        """How many rows wait for this person."""
        return len(self.overdue) + len(self.today) + len(self.week) + len(self.later)


def open_for(actor: Actor) -> Workbench:
    """The workbench of a person in a role."""
    rows = sorted(
        _rows(actor), key=lambda row: (row.due_at is None, row.due_at or row.obj.created_at)
    )
    now, bench = moments.now(), Workbench([], [], [], [], [])
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


def _rows(actor: Actor) -> Iterator[Row]:
    for lifecycle in LIFECYCLES.values():
        mine = lifecycle.states_waiting_for(actor.role)
        begun = any(actor.role in each.roles for each in lifecycle.starts)
        if not mine and not begun and lifecycle not in FOLLOWED.get(actor.role, ()):
            continue
        waiting = _waiting(lifecycle, actor)
        own = list(waiting.filter(status__in=mine)[:MOST]) if mine else []
        steps = lifecycle.next_steps(own, actor)
        yield from (_row(each, steps[each.pk]) for each in own if steps[each.pk])
        others = [s for s in lifecycle.states.values if s not in mine and lifecycle.awaited_in(s)]
        yield from (_row(each, None) for each in waiting.filter(status__in=others)[:MOST])


def _waiting(lifecycle: Lifecycle, actor: Actor) -> QuerySet[Any]:
    clock = Clock.objects.filter(
        lifecycle=lifecycle.label, object_id=OuterRef("pk"), stopped_at=None
    ).order_by("due_at")
    model = lifecycle.model
    visible = model._default_manager.visible_to(actor).select_related(*model.worklist_joins)
    return visible.annotate(
        due_at=Subquery(clock.values("due_at")[:1]),
        due_basis=Subquery(clock.values("basis")[:1]),
        due_paused=Subquery(clock.values("paused_at")[:1]),
        due_provisional=Subquery(clock.values("provisional")[:1]),
    ).order_by(F("due_at").asc(nulls_last=True), "pk")


def _row(obj: Any, step: Step | None) -> Row:
    return Row(
        obj=obj,
        step=step,
        due_at=obj.due_at,
        paused=obj.due_paused is not None,
        provisional=bool(obj.due_provisional),
        basis=obj.due_basis or "",
    )
