"""Clocks of deadlines: they start when an object enters a state and stop when it leaves.

The worker calls ``tick`` every minute: it sends reminders, registers what is overdue and makes
the transitions that the table gives to the clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.deadlines import calendar
from foundation.deadlines.models import Clock, Overdue, PauseCause, causes_for
from foundation.inbox import notices
from foundation.isolation import apart
from foundation.journal import sentences, writing
from foundation.lifecycle.table import LIFECYCLES, Lifecycle
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.roles import IN_CHARGE, SYSTEM, Actor, Role
from foundation.rules import reading
from foundation.transactions import whole
from foundation.updating import updated
from foundation.wording import filled, on_record, said_when_shown
from foundation.work_items import settling

log = structlog.stdlib.get_logger(__name__)


#: What is written into the journal here.
PAUSE = sentences.act("pause", gettext_lazy("%(who)s暂停计时"))
RESUME = sentences.act("resume", gettext_lazy("%(who)s恢复计时"))
ESCALATE = sentences.act("escalate", gettext_lazy("系统督办"))
OVERDUE = sentences.act("overdue", gettext_lazy("时限已过，系统登记逾期"))


def span_of(value: dict[str, int | str]) -> calendar.Span:
    """The span of a deadline rule's value ``{amount, unit, ...}``."""
    return calendar.SPANS[str(value["unit"])](int(value["amount"]))


def entered(lifecycle: Lifecycle, obj: models.Model, *, by: Actor) -> Clock | None:
    """Start the clock of the object's present state; None if the state has none."""
    state = getattr(obj, lifecycle.field_name)
    key = lifecycle.clock_key(obj, state)
    return _begin(lifecycle, obj, key, state) if key else None


def begin(lifecycle: Lifecycle, obj: models.Model, key: str) -> Clock:
    """Start a clock that runs across states until it is stopped."""
    return _begin(lifecycle, obj, key, "")


def _begin(lifecycle: Lifecycle, obj: models.Model, key: str, state: str) -> Clock:
    """Start a clock; it counts from the day of the object that the table names (``counts_from``), or from now."""
    rule = reading.current(f"deadline.{key}")
    since = getattr(obj, lifecycle.counts_from[key]) if key in lifecycle.counts_from else None
    start = since or moments.now()
    due = calendar.due(start, span_of(rule.value))
    settling.touch(obj)
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
    """Stop the clocks of a state that the object has left; overdue ones are registered."""
    _stop(lifecycle, obj, state=state)


def stop(lifecycle: Lifecycle, obj: models.Model, key: str) -> None:
    """Stop the running clock of a rule, if there is one; if it is overdue it is registered."""
    _stop(lifecycle, obj, rule_key=key)


def _stop(lifecycle: Lifecycle, obj: Any, **which: str) -> None:
    """Stop some running clocks of an object.

    A paused clock first gets the time of its pause. A deadline that has passed is registered even
    if the action came before the worker's next tick.
    """
    now = moments.now()
    running = Clock.objects.filter(lifecycle=lifecycle.label, object_id=obj.pk, stopped_at=None, **which)
    stopped = updated(running, stopped_at=now)
    for clock in stopped:
        clock = _run_on(clock, now)
        if clock.due_at < now and not clock.period and _claim(clock, now):
            _write_down(clock, obj, now)
    if stopped:
        settling.touch(obj, *obj.beside())


def restart(lifecycle: Lifecycle, obj: models.Model, key: str) -> Clock:
    """Stop the running clock of the present state and start it anew, as after a review."""
    stop(lifecycle, obj, key)
    return _begin(lifecycle, obj, key, getattr(obj, lifecycle.field_name))


def subject(clock: Clock) -> Any:
    """The object on which the clock runs; None if it is deleted."""
    return LIFECYCLES[clock.lifecycle].model._default_manager.filter(pk=clock.object_id).first()


def may_pause(clock: Clock, obj: Any, actor: Actor) -> bool:
    """Whether ``actor`` may pause and resume the clock.

    Civil affairs may, and the window for its own households, but never a role that the clock
    awaits. Some clocks (``Lifecycle.unpaused``: the time to answer an offer) are never paused.
    """
    lifecycle = LIFECYCLES[clock.lifecycle]
    if clock.rule_key in lifecycle.unpaused or clock.period:
        return False
    if actor.role not in IN_CHARGE or actor.role in lifecycle.answers_for(clock, obj):
        return False
    return actor.role == Role.CIVIL_AFFAIRS or any(
        party.admits(actor, obj) for row in lifecycle.transitions for party in row.by
    )


@whole
def pause(clock: Clock, *, by: Actor, cause: str, reason: str = "") -> Clock:
    """Pause a clock, for a listed cause and with a reason in words.

    Raises ``NotYours``, ``NotNow`` for a clock that does not run or is overdue, ``Invalid`` for a
    cause that does not fit this kind of object, or without a reason.
    """
    clock, obj = _locked(clock, by)
    if cause not in causes_for(LIFECYCLES[clock.lifecycle]):
        raise Invalid(_("请从列表中选择暂停的原因。"), fields={"cause": _("请从列表中选择。")})
    if not reason.strip():
        raise Invalid(_("请写明理由。"), fields={"reason": _("请写明理由。")}, rule=clock.basis)
    if clock.paused:
        raise NotNow(_("计时已经暂停。"), rule=clock.basis)
    if clock.is_overdue():
        raise NotNow(_("时限已过，不能再暂停计时。"), rule=clock.basis)
    clock.paused_at, clock.pause_cause = moments.now(), cause
    clock.pause_reason, clock.paused_by = reason.strip()[:200], on_record(by.said)[:120]
    clock.save(update_fields=["paused_at", "pause_cause", "pause_reason", "paused_by"])
    cause_and_reason = {"what": PauseCause(cause).label, "why": clock.pause_reason}
    words = filled(gettext_lazy("%(what)s：%(why)s"), **cause_and_reason)
    settling.touch(obj, *obj.beside())
    writing.write(obj._meta.label, obj, PAUSE, by, reason=words, basis=clock.basis)
    shown = PauseCause(cause).label if getattr(obj, "reasons_as", "") else words
    notices.paused(LIFECYCLES[clock.lifecycle], clock, shown, by)
    return clock


@whole
def resume(clock: Clock, *, by: Actor) -> Clock:
    """Resume a clock; its deadline moves by the time of the pause.

    For a deadline in working days that is the number of working days after the day of the pause,
    else the exact time. Raises ``NotYours`` and ``NotNow``.
    """
    clock, obj = _locked(clock, by)
    if clock.paused_at is None:
        raise NotNow(_("计时没有暂停。"), rule=clock.basis)
    clock = _run_on(clock, moments.now())
    settling.touch(obj, *obj.beside())
    writing.write(obj._meta.label, obj, RESUME, by, basis=clock.basis)
    return clock


def _run_on(clock: Clock, now: datetime) -> Clock:
    """Resume a paused clock, already locked, and move its deadline by the time of the pause."""
    if clock.paused_at is None:
        return clock
    rule = reading.as_it_was(f"deadline.{clock.rule_key}", clock.rule_version)
    if rule.value["unit"] == "working_days":
        first, last = (moment.astimezone(moments.SHANGHAI).date() for moment in (clock.paused_at, now))
        lost = calendar.working_days_between(first, last)
        later = calendar.due(clock.due_at - timedelta(seconds=1), calendar.WorkingDays(lost))
        clock.due_at, clock.provisional = later.at, clock.provisional or later.provisional
        clock.lost += lost
        clock.pauses = [*clock.pauses, [str(first), str(last)]]
    else:
        clock.due_at += now - clock.paused_at
    clock.paused_at, clock.reminded_at = None, None
    hours = int(rule.value["remind_hours"])
    clock.remind_at = max(now, clock.due_at - timedelta(hours=hours))
    moved = ("due_at", "provisional", "lost", "pauses", "paused_at", "reminded_at", "remind_at")
    clock.save(update_fields=moved)
    return clock


def _locked(clock: Clock, by: Actor) -> tuple[Clock, Any]:
    """The clock, locked, and its object; raises ``NotNow`` and ``NotYours``."""
    clock = Clock.objects.select_for_update().get(pk=clock.pk)
    obj = subject(clock)
    if clock.stopped_at is not None or obj is None:
        raise NotNow(_("这个时限已经结束。"), rule=clock.basis)
    if not may_pause(clock, obj, by):
        raise NotYours(_("这个时限不由您办理，不能暂停或恢复。"), rule=clock.basis)
    return clock, obj


def tick(now: datetime | None = None) -> dict[str, int]:
    """Do everything that has become due, each clock in its own transaction.

    Returns how many clocks were reminded, went overdue, moved their object and were escalated. A
    clock whose transition is refused goes into the overdue register. An exception of one clock is
    logged, stops no other clock, and the clock is tried again at the next tick.
    """
    now = now or moments.now()
    done = {"reminded": 0, "overdue": 0, "moved": 0, "escalated": 0}
    live = Clock.objects.filter(stopped_at=None, paused_at=None)
    for clock in live.filter(remind_at__lte=now, reminded_at=None, due_at__gt=now):
        with apart("clock.remind", clock=clock.pk):
            if live.filter(pk=clock.pk, reminded_at=None, remind_at__lte=now).update(reminded_at=now):
                notices.remind(LIFECYCLES[clock.lifecycle], clock)
                done["reminded"] += 1
    for clock in ended(now).order_by("due_at"):
        with apart("clock.run_out", clock=clock.pk):
            outcome = _moved_or_registered(clock, now)
            if outcome:
                done[outcome] += 1
    done["escalated"] = _escalate(now)
    return done


def ended(now: datetime) -> models.QuerySet[Clock]:
    """The running clocks whose time is over, and for which that still has to be done which follows."""
    live = Clock.objects.filter(stopped_at=None, paused_at=None)
    return live.filter(due_at__lte=now, overdue_at=None).exclude(_periods(moving=False))


def _periods(*, moving: bool = True) -> models.Q:
    """The clocks of periods (``Lifecycle.periods``), whose end makes nobody late.

    Without ``moving`` only those that end without a transition of their own, for which there is
    nothing to do.
    """
    found = models.Q(pk=None)
    for lifecycle in LIFECYCLES.values():
        keys = set(lifecycle.periods)
        if not moving:
            keys -= {key for row in lifecycle.transitions for key in row.at}
        if keys:
            found |= models.Q(lifecycle=lifecycle.label, rule_key__in=keys)
    return found


def _moved_or_registered(clock: Clock, now: datetime) -> str:
    """``_run_out``; where the transition is refused, register the clock as overdue."""
    try:
        with transaction.atomic():
            return _run_out(clock, now)
    except Refused as refusal:
        log.warning("clock.move_refused", clock=clock.pk, **refusal.for_the_log())
        return _register(clock, now)


def _escalate(now: datetime) -> int:
    """Notify those above of clocks that stay overdue, one level further up each time (rule
    ``deadlines.escalation``); returns how many.
    """
    count = 0
    steps = enumerate(reading.current("deadlines.escalation").value["days"], 1)
    # The highest level first, so that a clock that is long overdue rises one level a tick.
    for level, days in reversed(list(steps)):
        late = Clock.objects.filter(
            stopped_at=None, paused_at=None, overdue_at__lte=now - timedelta(days=days), escalated=level - 1
        ).exclude(_periods())
        for clock in late.order_by("pk")[:500]:
            with apart("clock.escalate", clock=clock.pk):
                if late.filter(pk=clock.pk).update(escalated=level):
                    count += _escalate_one(clock, level, days)
    return count


def _escalate_one(clock: Clock, level: int, days: int) -> int:
    """Write the escalation into the journal and notify; 0 if the object is gone, else 1."""
    obj = subject(clock)
    if obj is None:
        return 0
    words = filled(gettext_lazy("逾期 %(days)s 天仍未办理，第 %(level)s 次督办"), days=days, level=level)
    writing.write(clock.lifecycle, obj, ESCALATE, SYSTEM, reason=words, basis=clock.basis)
    notices.escalated(LIFECYCLES[clock.lifecycle], clock, words, level)
    return 1


def _run_out(clock: Clock, now: datetime) -> str:
    """Make the transition that the table gives to this clock, or register it; the counter to increase."""
    lifecycle = LIFECYCLES[clock.lifecycle]
    automatic = next((row for row in lifecycle.leaving(clock.state) if clock.rule_key in row.at), None)
    if automatic is None:
        return _register(clock, now)
    obj = subject(clock)
    if obj is None or not Clock.objects.filter(pk=clock.pk, stopped_at=None, paused_at=None).exists():
        return ""
    # The object is locked before its clock, as in every other transition.
    lifecycle.actions[automatic.name](obj, by=SYSTEM)
    if Clock.objects.filter(pk=clock.pk, due_at__gt=now).exists():
        raise NotNow(_("这个时限刚刚改到以后。"), rule=clock.basis)
    if not clock.period and _claim(clock, now):  # leaving the state has stopped it by now
        _write_down(clock, obj, now)
    return "moved"


def _register(clock: Clock, now: datetime) -> str:
    """Register an overdue clock, write it into the journal and notify; the counter to increase."""
    obj = subject(clock)
    # The action may have come in time and been committed only now: then it is not overdue.
    if clock.period or obj is None or not _claim(clock, now, stopped_at=None, paused_at=None):
        return ""
    _write_down(clock, obj, now)
    writing.write(clock.lifecycle, obj, OVERDUE, SYSTEM, basis=clock.basis)
    notices.overdue(LIFECYCLES[clock.lifecycle], clock)
    return "overdue"


def _write_down(clock: Clock, obj: Any, now: datetime) -> None:
    """Add the line of the overdue register."""
    roles = LIFECYCLES[clock.lifecycle].answers_for(clock, obj)
    Overdue.objects.create(
        clock=clock,
        lifecycle=clock.lifecycle,
        object_id=obj.pk,
        object_name=on_record(obj)[:120],
        link=obj.get_absolute_url(),
        awaited=on_record(said_when_shown(notices.recipients_of, obj, sorted(roles)))[:120],
        rule_key=clock.rule_key,
        rule_version=clock.rule_version,
        basis=clock.basis,
        due_at=clock.due_at,
        at=now,
        round=clock.corrected,
    )


def _claim(clock: Clock, now: datetime, **still: None) -> bool:
    """Mark the clock overdue; False if another worker or an action was faster, or its deadline has moved."""
    own = Clock.objects.filter(pk=clock.pk, overdue_at=None, due_at=clock.due_at, **still)
    return bool(own.update(overdue_at=now))
