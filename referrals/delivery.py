"""The service: planned with the household, visits recorded, completed or ended."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from contracts import deliveries
from foundation import moments
from foundation.refusals import Invalid
from foundation.roles import Actor
from households import registration
from households.models.help import Source
from referrals import offering, triage
from referrals.lifecycle import REFERRAL
from referrals.models import Referral, Visit


@REFERRAL.move("plan")
def plan(referral: Referral, *, by: Actor, plan_text: str) -> None:
    """Agree on a plan with the household; the first contact was made."""
    referral.plan_text = plan_text
    if referral.worker_id is None and by.role == "social_worker":
        referral.worker_id = by.user_id


@REFERRAL.move("record_visit")
def record_visit(
    referral: Referral, *, by: Actor, on: date, units: int, note: str, confirmed: bool = False
) -> None:
    """Record one visit of ``units`` on a day; the contract is told.

    Raises ``Invalid`` for a day in the future, before the acceptance or outside
    the contract, and for more units than are left.
    """
    today = moments.today()
    accepted = referral.answered_at or moments.now()
    if on > today:
        message = _("服务日期不能晚于今天。")
        raise Invalid(message, fields={"on": message})
    if on < accepted.astimezone(moments.SHANGHAI).date():
        message = _("服务日期不能早于接受转介的日期。")
        raise Invalid(message, fields={"on": message})
    left = referral.units - referral.used
    if units > left:
        message = _("这户还剩 %(left)s,不能超过。") % {"left": left}
        raise Invalid(message, fields={"units": message}, rule="S24")
    if referral.line is not None:
        contract = referral.line.contract
        if not contract.start_on <= on <= contract.end_on:
            message = _("服务日期不在合同期内(%(start)s 至 %(end)s)。") % {
                "start": contract.start_on,
                "end": contract.end_on,
            }
            raise Invalid(message, fields={"on": message}, rule="S24")
        deliveries.record(referral.line_id, units, holder=referral.number, on=on)
    Visit.objects.create(
        referral=referral,
        on=on,
        units=units,
        note=note,
        confirmed=confirmed,
        worker_id=by.user_id,
        worker_name=by.name,
        recorded_at=moments.now(),
    )
    referral.used += units
    referral.first_visit_at = referral.first_visit_at or moments.now()


@REFERRAL.move("complete")
def complete(referral: Referral, *, by: Actor, outcome: str, goal_level: int) -> None:
    """Finish the service: outcome and how far the goal was reached (1 to 5)."""
    referral.outcome, referral.goal_level = outcome, goal_level
    referral.finished_at = moments.now()
    offering.release(referral)
    registration.record_help(
        referral.need.matter.household,
        source=Source.PURCHASED if referral.line_id else Source.CHARITY,
        giver_id=referral.provider.organization_id,
        what=referral.offer.item.name,
        item_code=referral.offer.item.code,
        units=referral.used,
        amount=referral.used * (referral.line.unit_price if referral.line else 0),
    )
    triage.finish_service(referral.need, by=by.as_system(), result=outcome)


@REFERRAL.move("end_early")
def end_early(referral: Referral, *, by: Actor, reason: str) -> None:
    """End before the goal; what is unused is released, the need is unmet."""
    referral.outcome, referral.finished_at = reason, moments.now()
    offering.release(referral)
    triage.fall_short(referral.need, by=by.as_system())
