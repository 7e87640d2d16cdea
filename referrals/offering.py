"""A need is offered to a provider, which accepts, declines or lets time run out."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog import offers
from contracts import quota
from foundation import moments, numbering
from foundation.refusals import Exhausted, Invalid, NotNow
from foundation.roles import Actor, Role
from households.models import Consent
from organizations.lifecycle import Standing
from organizations.models import Membership, Provider
from referrals import matching, triage
from referrals.lifecycle import REFERRAL, NeedStatus
from referrals.models import Need, Referral


@transaction.atomic
def send(
    need: Need,
    *,
    by: Actor,
    offer_id: int,
    units: int,
    goal: str,
    choice_reason: str = "",
    key: str = "",
) -> Referral:
    """Prepare a referral to one candidate and send it out, in one step.

    The same ``key`` gives the same referral. Raises what ``prepare`` and
    ``offer`` raise.
    """
    referral = prepare(
        by=by,
        key=key,
        need=need,
        offer_id=offer_id,
        units=units,
        goal=goal,
        choice_reason=choice_reason,
    )
    return referral if referral.offered_at else offer(referral, by=by)


@REFERRAL.start("prepare")
def prepare(
    *, by: Actor, need: Need, offer_id: int, units: int, goal: str, choice_reason: str = ""
) -> Referral:
    """Draft a referral of ``units`` to a candidate.

    Raises ``Invalid`` where the offer is no candidate (with the reasons why), or
    another than the first is chosen without a reason, and ``NotNow`` where the
    need is not open.
    """
    need = (
        Need.objects.select_for_update(of=("self",))
        .select_related("matter__household")
        .get(pk=need.pk)
    )
    if need.status not in (NeedStatus.OPEN, NeedStatus.UNMET):
        raise NotNow(
            _("这项需求当前是“%(state)s”,不能再发转介。") % {"state": need.status_label}, rule="S16"
        )
    ranking = matching.rank(need, units=units)
    chosen = ranking.find(offer_id)
    if chosen is None or chosen.why_not:
        words = ";".join(chosen.why_not) if chosen else _("不在候选范围内")
        raise Invalid(words, fields={"offer_id": words}, rule="S28")
    first = ranking.candidates[0]
    if chosen.provider_id != first.provider_id and not choice_reason.strip() and not need.urgent:
        message = _("没有选择排在第一的机构,请写明理由。")
        raise Invalid(message, fields={"choice_reason": message}, rule="S28")
    household = need.matter.household
    consent = _consent(household)
    if consent is None:
        message = _("家庭还没有同意向机构提供信息,请先取得单独同意。")
        raise Invalid(message, fields={"consent": message}, rule="个人信息保护法第二十三条")
    return Referral.objects.create(
        number=numbering.next_number("ZJ"),
        need=need,
        offer_id=chosen.offer_id,
        provider_id=chosen.provider_id,
        line_id=chosen.line_id,
        town_id=need.matter.town_id,
        size=household.size,
        urgent=need.urgent,
        units=units,
        goal=goal,
        consent=consent,
        choice={
            "rank": ranking.position(offer_id),
            "score": chosen.total,
            "parts": [part.as_json() for part in chosen.parts],
            "reason": choice_reason,
            "rule": "matching.weights",
            "version": ranking.rule_version,
        },
    )


@REFERRAL.move("offer")
def offer(referral: Referral, *, by: Actor) -> None:
    """Send the referral to the provider; its clock to answer starts."""
    referral.offered_at = moments.now()
    triage.refer(referral.need, by=by.as_system())


@REFERRAL.move("accept")
def accept(referral: Referral, *, by: Actor, worker: Membership | None = None) -> None:
    """Take the referral: reserve its units on the contract line and one place.

    Raises ``Exhausted`` when units or places are gone, ``NotNow`` for a provider
    that is suspended or exited.
    """
    provider = Provider.objects.get(pk=referral.provider_id)
    if provider.status != Standing.ACCREDITED:
        raise NotNow(
            _("机构当前“%(state)s”,不能接受新的转介。") % {"state": provider.status_label},
            rule="S26",
        )
    if referral.line_id:
        quota.reserve(referral.line_id, referral.units)
    offers.take_place(referral.offer_id)
    if worker is not None:
        _check_worker(worker, referral)
        referral.worker = worker.user
    referral.answered_at = moments.now()
    _hand_over(referral)
    triage.begin_service(referral.need, by=by.as_system())


@REFERRAL.move("decline")
def decline(referral: Referral, *, by: Actor, reason: str) -> None:
    """Decline with a coded reason; the need is back at the window."""
    referral.answered_at = moments.now()
    triage.return_to_window(referral.need, by=by.as_system())


@REFERRAL.move("time_out")
def time_out(referral: Referral, *, by: Actor) -> None:
    """The clock made this move: no answer in time."""
    triage.return_to_window(referral.need, by=by)


@REFERRAL.move("withdraw")
def withdraw(referral: Referral, *, by: Actor, reason: str) -> None:
    """The window takes an unanswered referral back."""
    triage.return_to_window(referral.need, by=by.as_system())


def release(referral: Referral) -> None:
    """Give back what an ending referral has not used: units and its place."""
    if referral.line_id:
        quota.release(referral.line_id, referral.units - referral.used)
    offers.free_place(referral.offer_id)


def _consent(household: Any) -> Consent | None:
    return next((each for each in household.consents.all() if each.holds), None)


def _check_worker(worker: Membership, referral: Referral) -> None:
    if (
        worker.role != Role.SOCIAL_WORKER
        or worker.organization_id != referral.provider.organization_id
    ):
        message = _("请选择本机构的社工或志愿者。")
        raise Invalid(message, fields={"worker": message})


def _hand_over(referral: Referral) -> None:
    """Copy to the referral what consent covers, field by field (PIPL 23)."""
    consent = referral.consent
    if consent is None or not consent.holds:
        raise Exhausted(_("家庭的同意已撤回或过期,请联系窗口。"), rule="个人信息保护法第二十三条")
    household = referral.need.matter.household
    head = household.members.select_related("person").first()
    plain = {
        "contact_name": head.person.name.plain() if head else "",
        "contact_phone": household.phone.plain() if household.phone else "",
        "contact_address": household.address.plain() if household.address else "",
    }
    for name in consent.scope:
        setattr(referral, name, plain[name])
