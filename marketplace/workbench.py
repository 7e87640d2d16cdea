"""The workbench: everything that waits for one person, nearest deadline first.

It is made from the lifecycle tables alone: an object waits for somebody whose
role has a primary move from its state. One query a lifecycle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from foundation import moments
from foundation.deadlines.models import Clock
from foundation.lifecycle.table import LIFECYCLES, Lifecycle, Move
from foundation.roles import Actor

#: Rows of one lifecycle that are read at most; the count beside says how many there are.
MOST = 60


@dataclass(frozen=True)
class Row:
    """One line of the workbench; ``move`` is None where others are awaited."""

    obj: Any
    move: Move | None
    due_at: datetime | None
    provisional: bool
    basis: str
    rule: str

    @property
    def title(self) -> str:
        """What it is: item and place."""
        return self.obj.row_title()

    @property
    def whose(self) -> str:
        """Whose it is, masked."""
        return self.obj.row_whose()

    @property
    def needs_form(self) -> bool:
        """Whether the next action asks for more than a click."""
        assert self.move is not None
        lifecycle: Lifecycle = self.obj.lifecycle
        return self.move.name in lifecycle.inputs or bool(self.move.reason)


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
    if row.move is None:
        return bench.others
    if row.due_at is None:
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
        started = any(actor.role in each.roles for each in lifecycle.starts)
        if not mine and not started:
            continue
        final = set(lifecycle.final_states())
        clock = Clock.objects.filter(
            lifecycle=lifecycle.label, object_id=OuterRef("pk"), stopped_at=None
        ).order_by("due_at")
        model = lifecycle.model
        visible = model._default_manager.visible_to(actor).select_related(*model.worklist_joins)
        waiting = visible.filter(status__in=[s for s in lifecycle.states.values if s not in final])
        annotated = waiting.annotate(
            due_at=Subquery(clock.values("due_at")[:1]),
            due_basis=Subquery(clock.values("basis")[:1]),
            due_rule=Subquery(clock.values("rule_key")[:1]),
            due_provisional=Subquery(clock.values("provisional")[:1]),
        )
        for states, own in (
            (mine, True),
            ([s for s in lifecycle.states.values if s not in mine], False),
        ):
            for obj in annotated.filter(status__in=states).order_by("due_at", "pk")[:MOST]:
                moves = [m for m in obj.moves_for(actor) if m.primary] if own else []
                if own and not moves:
                    continue
                yield Row(
                    obj=obj,
                    move=moves[0] if moves else None,
                    due_at=obj.due_at,
                    provisional=bool(obj.due_provisional),
                    basis=obj.due_basis or "",
                    rule=obj.due_rule or "",
                )
