"""Clocks start when an object enters a state and stop when it leaves.

The worker calls ``tick`` every minute: it reminds, writes what is overdue into
the journal, and makes the moves that the table gives to the clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction

from foundation import moments, notices
from foundation.deadlines import calendar
from foundation.deadlines.models import Clock, PauseCause
from foundation.journal import writing
from foundation.refusals import NotNow
from foundation.roles import SYSTEM, Actor
from foundation.rules import reading

if TYPE_CHECKING:
    from foundation.lifecycle.table import Lifecycle

_SPANS = {
    "working_days": calendar.WorkingDays,
    "calendar_days": calendar.CalendarDays,
    "hours": calendar.Hours,
}


def span_of(value: dict[str, int | str]) -> calendar.Span:
    """The span that a deadline rule's value names: ``{amount, unit, ...}``."""
    return _SPANS[str(value["unit"])](int(value["amount"]))


def entered(lifecycle: Lifecycle, obj: models.Model, *, by: Actor) -> Clock | None:
    """Start the clock of the state that the object is in now, if it has one."""
    state = getattr(obj, lifecycle.field_name)
    key = lifecycle.clock_key(obj, state)
    if not key:
        return None
    rule = reading.current(f"deadline.{key}")
    start = moments.now()
    due = calendar.due(start, span_of(rule.value))
    remind = due.at - timedelta(hours=int(rule.value["remind_hours"]))
    return Clock.objects.create(
        lifecycle=lifecycle.label,
        object_id=obj.pk,
        state=state,
        rule_key=key,
        rule_version=rule.version,
        basis=rule.basis,
        started_at=start,
        due_at=due.at,
        remind_at=max(start, remind),
        provisional=due.provisional,
    )


def left(lifecycle: Lifecycle, obj: models.Model, state: str) -> None:
    """Stop the clocks of the state that the object has left."""
    Clock.objects.filter(
        lifecycle=lifecycle.label, object_id=obj.pk, state=state, stopped_at=None
    ).update(stopped_at=moments.now())


@transaction.atomic
def pause(obj: models.Model, *, cause: PauseCause, by: Actor) -> None:
    """Let the object's clocks stand still, for a listed cause only."""
    paused = Clock.objects.filter(
        lifecycle=obj._meta.label, object_id=obj.pk, stopped_at=None, paused_at=None
    ).update(paused_at=moments.now(), pause_cause=PauseCause(cause))
    if not paused:
        raise NotNow("没有正在计时的时限。")
    writing.write(obj._meta.label, obj, "pause", by, reason=str(PauseCause(cause).label))


@transaction.atomic
def resume(obj: models.Model, *, by: Actor) -> None:
    """Let the clocks run on; each deadline moves by the days that stood still."""
    now = moments.now()
    clocks = Clock.objects.select_for_update().filter(
        lifecycle=obj._meta.label, object_id=obj.pk, stopped_at=None, paused_at__isnull=False
    )
    for clock in clocks:
        unit = reading.current(f"deadline.{clock.rule_key}").value["unit"]
        assert clock.paused_at is not None
        if unit == "working_days":
            lost = calendar.working_days_between(
                clock.paused_at.astimezone(moments.SHANGHAI).date(),
                now.astimezone(moments.SHANGHAI).date(),
            )
            eve = clock.due_at - timedelta(seconds=1)
            clock.due_at = calendar.due(eve, calendar.WorkingDays(lost)).at
        else:
            clock.due_at += now - clock.paused_at
        clock.paused_at = None
        clock.save(update_fields=["due_at", "paused_at"])
    writing.write(obj._meta.label, obj, "resume", by)


def running(lifecycle: str, pk: int) -> list[Clock]:
    """The clocks that run on one object, nearest deadline first."""
    return list(
        Clock.objects.filter(lifecycle=lifecycle, object_id=pk, stopped_at=None).order_by("due_at")
    )


def tick(now: datetime | None = None) -> dict[str, int]:
    """Do everything that has become due, each clock in its own transaction.

    Returns how many clocks were reminded, went overdue and moved their object.
    """
    from foundation.lifecycle.table import LIFECYCLES

    now = now or moments.now()
    done = {"reminded": 0, "overdue": 0, "moved": 0}
    live = Clock.objects.filter(stopped_at=None, paused_at=None)
    for clock in live.filter(remind_at__lte=now, reminded_at=None, due_at__gt=now):
        with transaction.atomic():
            if live.filter(pk=clock.pk, reminded_at=None).update(reminded_at=now):
                notices.remind(LIFECYCLES[clock.lifecycle], clock)
                done["reminded"] += 1
    for clock in live.filter(due_at__lte=now, overdue_at=None).order_by("due_at"):
        with transaction.atomic():
            if not live.filter(pk=clock.pk, overdue_at=None).update(overdue_at=now):
                continue
            lifecycle = LIFECYCLES[clock.lifecycle]
            obj = lifecycle.model._default_manager.filter(pk=clock.object_id).first()
            if obj is None:
                continue
            automatic = next(
                (each for each in lifecycle.leaving(clock.state) if clock.rule_key in each.at), None
            )
            if automatic:
                lifecycle.verbs[automatic.name](obj, by=SYSTEM)
                done["moved"] += 1
            else:
                writing.write(lifecycle.label, obj, "overdue", SYSTEM, basis=clock.basis)
                notices.overdue(lifecycle, clock)
                done["overdue"] += 1
    return done
