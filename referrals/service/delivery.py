"""The actions of a service: plan with goals, visits, review, completion, early end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any, NoReturn

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.contracts import quota
from contracts.invoices import deliveries
from foundation import moments
from foundation.deadlines import clocks
from foundation.forms import typed
from foundation.lifecycle.phases import ASKED
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import Actor, Role
from foundation.wording import day, filled
from giving import allocations
from referrals.needs import triage
from referrals.needs.states import FIRST_HELP, NEED
from referrals.offers import offering
from referrals.offers.models import Referral
from referrals.offers.states import REFERRAL, ReferralStatus
from referrals.service import closing, confirming, hours
from referrals.service.models import RANGES, Confirmation, Goal, Measurement, Scale, Venue, Visit, VisitCode

REVIEW = "referral.review"


@REFERRAL.transition("plan")
def plan(
    referral: Referral,
    *,
    by: Actor,
    plan_text: str,
    goals: list[str] | None = None,
    scale: str = "",
    before: int | None = None,
) -> None:
    """Agree on a plan and its goals with the household; the first contact was made.

    ``scale`` and ``before`` are a standard scale and its value at the start. The household is sent the code
    for the first visit.
    """
    referral.plan_text = plan_text
    _set_goals(referral, goals or [])
    if scale:
        before = _in_range(scale, before, "before")
        Measurement.objects.create(referral=referral, scale=scale, before=before)
    confirming.send_first(referral)


@REFERRAL.transition("change_plan")
def change_plan(referral: Referral, *, by: Actor, plan_text: str, goals: list[str] | None = None) -> None:
    """Agree on another plan; the journal keeps the earlier one."""
    referral.plan_text = plan_text
    if goals:
        _set_goals(referral, goals)


def _set_goals(referral: Referral, goals: list[str]) -> None:
    referral.goals.all().delete()
    Goal.objects.bulk_create(
        Goal(referral=referral, position=n, text=text) for n, text in enumerate(goals, 1)
    )


@REFERRAL.transition("review")
def review(referral: Referral, *, by: Actor, words: str) -> None:
    """Review the plan with the household; the next review is due in a month."""
    referral.review_text, referral.reviewed_at = words, moments.now()
    clocks.restart(REFERRAL, referral, REVIEW)


@REFERRAL.transition("record_visit")
def record_visit(
    referral: Referral,
    *,
    by: Actor,
    on: date,
    units: int,
    note: str,
    confirmed: bool = False,
    began_at: time | None = None,
    ended_at: time | None = None,
    venue: str = Venue.HOME,
    words: str = "",
    private_note: str = "",
    code: str = "",
    signature: str = "",
) -> None:
    """Record one visit of ``units`` on a day; the contract counts it.

    ``words`` are for the household and the window too, ``note`` for the provider's people, ``private_note``
    for the writer alone. The household confirms by its ``code``, by a ``signature`` (a PNG as data URL) or
    orally. Raises ``Invalid`` for a day in the future, before the acceptance or outside the contract, for
    hours in the future or that the worker spent on another visit, for more units than are left, for a code
    that is wrong, used or invalid, and for a picture that is no signature.
    """
    _on_a_possible_day(referral, on)
    _recorded(
        referral,
        by=by,
        on=on,
        units=units,
        note=note,
        confirmed=confirmed,
        began_at=began_at,
        ended_at=ended_at,
        venue=venue,
        words=words,
        private_note=private_note,
        code=code,
        signature=signature,
    )
    clocks.stop(NEED, referral.need, FIRST_HELP)


@record_visit.lacks
def all_served(referrals: Sequence[Referral]) -> dict[int, Refused]:
    """Why visits are not recorded: every unit that was agreed has been served, and the service is to be completed."""
    words = gettext_lazy("约定的 %(units)s %(unit)s都已服务；请完成服务。")
    served = [referral for referral in referrals if referral.used >= referral.units]
    prefetch_related_objects(served, "offer__item")
    return {
        referral.pk: Refused(
            filled(words, units=referral.units, unit=referral.offer.item.unit),
            rule="S24",
            allowed=("complete",),
        )
        for referral in served
    }


@REFERRAL.transition("record_late_visit")
def record_late_visit(referral: Referral, *, by: Actor, on: date, units: int, **told: Any) -> None:
    """Record a visit made before the service ended, however it ended; it is paid. A visit that waited on a phone
    is taken in this way as well.

    After a death it is one of before the death, also where the service or its contract ended before the death
    was known. Raises ``NotNow`` when the days for it are over or the contract is settled, ``Invalid`` for a day
    after the end or the death and for all that ``record_visit`` refuses, ``Exhausted`` where the contract has
    nothing left.
    """
    if referral.died_on is not None:
        _before_the_death(referral, by=by, on=on, units=units, **told)
        return
    last = referral.last_day
    if last is None:
        raise NotNow(_("这次转介不能补记服务。"), rule="S24")
    if moments.today() > deliveries.late_until(last):
        raise NotNow(_("补记服务的期限已过。"), rule="S24")
    if on > last:
        _wrong("on", _("服务日期不能晚于服务结束那天（%(day)s）。") % {"day": day(last)})
    _on_a_possible_day(referral, on)
    _recorded(referral, by=by, on=on, units=units, **told)
    closing.write_help(referral, units)


def _before_the_death(referral: Referral, *, by: Actor, on: date, units: int, **told: Any) -> None:
    until, died_on = referral.last_visits_until, referral.died_on
    if until is None or died_on is None or moments.today() > until:
        raise NotNow(_("去世前服务的补登期已过，请联系民政。"), rule="S22")
    if on > died_on:
        _wrong("on", _("服务日期不能晚于去世日期（%(day)s）。") % {"day": day(died_on)})
    ended = referral.finished_on
    if ended is not None and on > ended:
        _wrong("on", _("服务日期不能晚于服务结束那天（%(day)s）。") % {"day": day(ended)})
    _on_a_possible_day(referral, on)
    _recorded(referral, by=by, on=on, units=units, **told)
    closing.write_help(referral, units)


def _recorded(
    referral: Referral,
    *,
    by: Actor,
    on: date,
    units: int,
    note: str,
    confirmed: bool = False,
    began_at: time | None = None,
    ended_at: time | None = None,
    venue: str = Venue.HOME,
    words: str = "",
    private_note: str = "",
    code: str = "",
    signature: str = "",
) -> None:
    hours.possible(referral, by=by, on=on, began_at=began_at, ended_at=ended_at, venue=venue)
    left = referral.units - referral.used
    if units > left:
        _wrong("units", _("这户还剩 %(left)s，不能超过。") % {"left": left})
    told = typed.code(code)
    proof = confirming.read_code(referral, told, by=by) if told else None
    picture = confirming.sealed_signature(signature) if signature and not proof else None
    how = _how(proof, picture, spoken=confirmed)
    closing.lock_referrals(referral)
    _count_on_contract(referral, units, on, by)
    allocations.give(referral.offer_id, units, holder=referral.number)
    visit = Visit.objects.create(
        referral=referral,
        on=on,
        began_at=began_at,
        ended_at=ended_at,
        venue=venue,
        units=units,
        words=words,
        note=note,
        private_note=private_note,
        confirmed=bool(how),
        confirmation=how,
        signature=picture,
        worker_id=by.user_id,
        worker_name=by.name,
        recorded_at=moments.now(),
    )
    referral.used += units
    referral.first_visit_at = referral.first_visit_at or moments.now()
    if proof is not None:
        confirming.use(proof, visit)
        if referral.visited:
            confirming.send_next(referral, visit)


def _how(proof: VisitCode | None, picture: bytes | None, *, spoken: bool) -> Confirmation:
    """The strongest confirmation of the visit."""
    if proof is not None:
        return Confirmation.CODE
    if picture is not None:
        return Confirmation.SIGNATURE
    return Confirmation.SPOKEN if spoken else Confirmation.NONE


def _count_on_contract(referral: Referral, units: int, on: date, by: Actor) -> None:
    """Count the visit on the contract line of its day: the earlier one, where the service went on with
    another contract.

    What was done before a death is counted as long as the rule allows, also where the contract has ended
    meanwhile.
    """
    told: dict[str, Any] = {"holder": referral.number, "on": on, "by": by}
    last = referral.died_on or referral.last_day
    if referral.died_on:
        told["until"] = referral.last_visits_until
    if last is not None:
        closing.reserve_again(referral, units)
    if referral.line_id is None:
        return
    before = _line_before(referral, on)
    if before is not None:
        deliveries.record_late(before, units, **told)
        if last is None:
            quota.release(referral.line_id, units)
    elif last is not None:
        deliveries.record_late(referral.line_id, units, last=last, **told)
    else:
        deliveries.record(referral.line_id, units, **told)


def _line_before(referral: Referral, on: date) -> int | None:
    """The earlier line that a day belongs to; None where it belongs to the present one."""
    line = referral.line
    if line is None or on >= (line.start_on or line.contract.start_on):
        return None
    return referral.line_before_id


def _on_a_possible_day(referral: Referral, on: date) -> None:
    accepted = referral.answered_at or moments.now()
    if on > moments.today():
        _wrong("on", _("服务日期不能晚于今天。"))
    if on < accepted.astimezone(moments.SHANGHAI).date():
        _wrong("on", _("服务日期不能早于接受转介的日期。"))
    over = referral.last_day or referral.died_on
    if over is not None or _line_before(referral, on) is not None:
        return  # an ended service checks the days itself
    if referral.line is not None:
        contract = referral.line.contract
        first = referral.line.start_on or contract.start_on
        last = referral.line.end_on or contract.end_on
        if not first <= on <= last:
            _wrong("on", _("服务日期不在合同期内（%(start)s 至 %(end)s）。") % {"start": first, "end": last})


@REFERRAL.transition("complete")
def complete(
    referral: Referral,
    *,
    by: Actor,
    outcome: str,
    goal_level: int | None = None,
    reached: dict[int, int] | None = None,
    after: int | None = None,
) -> None:
    """Complete the service: outcome, and how far each goal was reached (-2 to 2, by position).

    Without goals in the plan ``goal_level`` (1 to 5) is the provider's rating of the whole; with goals it is
    their mean. ``after`` is the value of the plan's scale now. Raises ``Invalid`` for a goal without its
    level.
    """
    goals = list(referral.goals.all())
    referral.goal_level = _judged(goals, reached or {}) if goals else goal_level
    if referral.goal_level is None:
        _wrong("goal_level", _("请评定目标达成程度。"))
    measurement = Measurement.objects.filter(referral=referral).first()
    if measurement is not None and after is not None:
        _in_range(measurement.scale, after, "after")
        measurement.after = after
        measurement.save(update_fields=["after"])
    referral.outcome, referral.finished_at = outcome, moments.now()
    closing.release(referral)
    closing.write_help(referral)
    triage.finish_service(referral.need, by=by.as_system(), result=outcome)


def _judged(goals: list[Goal], reached: dict[int, int]) -> int:
    for goal in goals:
        level = reached.get(goal.position)
        if level is None or not -2 <= level <= 2:
            _wrong(f"goal_{goal.position}", _("请评定这个目标的达成程度。"))
        goal.reached = level
    Goal.objects.bulk_update(goals, ["reached"])
    mean = sum(reached[goal.position] for goal in goals) / len(goals)
    return max(1, min(5, round(mean) + 3))


def _in_range(scale: str, value: int | None, field: str) -> int:
    """The value. Raises ``Invalid`` for none and for one outside the scale."""
    least, most = RANGES[Scale(scale)]
    if value is None or not least <= value <= most:
        _wrong(
            field,
            _("%(scale)s应在 %(least)s 到 %(most)s 之间。")
            % {"scale": Scale(scale).label, "least": least, "most": most},
        )
    return value


@REFERRAL.transition("end_early")
def end_early(referral: Referral, *, by: Actor, reason: str) -> None:
    """End before the goal is reached; what is unused is released, and the need is unmet."""
    referral.outcome, referral.finished_at = reason, moments.now()
    referral.ended_by = by.role
    closing.release(referral)
    closing.write_help(referral)


@end_early.then
def _what_becomes_of_the_need(referral: Referral, *, by: Actor, reason: str) -> None:
    for heir in referral.replaced_by.filter(status__in=ReferralStatus.in_phase(ASKED)):
        offering.stand_down(heir, by=by.as_system())
    system = by.as_system()
    if not referral.need.in_hand:
        return
    if by.role == Role.SYSTEM and referral.used >= referral.units:
        triage.finish_service(referral.need, by=system, result=reason)
    else:
        triage.fall_short(referral.need, by=system)


def _wrong(field: str, message: str) -> NoReturn:
    raise Invalid(message, fields={field: message}, rule="S24")
