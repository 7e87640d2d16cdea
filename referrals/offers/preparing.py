"""The checks before a need is offered: is it open, does the candidate fit, is the help not too much, does
consent cover the provider.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from catalog.items.models import Item
from catalog.offers.models import Offer
from contracts.contracts.models import ContractLine
from foundation.lifecycle.phases import ASKED
from foundation.numbering import numbers
from foundation.numbering.series import Series
from foundation.refusals import Invalid, NotNow
from foundation.roles import Actor
from households.consents.models import Consent
from households.register import registration
from organizations.providers.models import Provider
from referrals.matching import case_mix
from referrals.matching.candidates import Candidate
from referrals.matching.ranking import Ranking, rank
from referrals.needs import checks
from referrals.needs.models import Need
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.offers.states import REFERRAL, ReferralStatus
from referrals.requests.models import RequestForOffers

#: Clause: in an emergency data may be handed on without consent to protect life, health or property.
EMERGENCY = "个人信息保护法第十三条第四项"


SEPARATE_CONSENT = "个人信息保护法第二十三条"


@REFERRAL.start("prepare")
def prepare(
    *,
    by: Actor,
    need: Need,
    ask: Ask,
    offer_id: int,
    choice_reason: str = "",
    override_reason: str = "",
    request_for_offers: RequestForOffers | None = None,
    replaces: Referral | None = None,
) -> Referral:
    """Draft a referral of an ask to a candidate.

    ``replaces`` is a referral that goes on until this one is accepted. Raises ``Invalid`` where the offer is
    no candidate (with the reasons), another than the first is chosen without a reason, the checks speak
    against the help and no reason is given, or consent is missing; ``NotNow`` where the need is not open.
    """
    need = lock(need)
    need.matter.household = registration.lived_in(need.matter.household)
    _open_for(need, request_for_offers, replaces)
    ranking = rank(need, units=ask.units, weekly=ask.weekly)
    chosen = eligible(ranking, offer_id)
    if request_for_offers is None:
        why_this_one(ranking, chosen, need, choice_reason)
    require_no_excess(need, chosen, ask.units, by=by, reason=override_reason, replaces=replaces)
    consent = consent_for(need, chosen.provider_id)
    return Referral.objects.create(
        **vars(ask),
        number=numbers.next_number(Series.REFERRAL),
        need=need,
        offer_id=chosen.offer_id,
        provider_id=chosen.provider_id,
        line_id=chosen.line_id,
        request_for_offers=request_for_offers,
        replaces=replaces,
        town_id=need.town_id,
        size=need.matter.household.size,
        urgent=need.urgent,
        case_mix=case_mix.stratum_of(need),
        consent=consent,
        choice={
            **choice_of(ranking, chosen, choice_reason, override_reason),
            "data": SEPARATE_CONSENT if consent else EMERGENCY,
        },
    )


@REFERRAL.start("take_over")
def take_over(
    *,
    by: Actor,
    referral: Referral,
    ask: Ask,
    offer: Offer,
    line: ContractLine | None,
    choice: dict[str, Any],
    replaces: Referral | None,
) -> Referral:
    """Draft a referral of what is left, for the provider that a re-matching found in place of another.

    Raises ``Invalid`` where consent does not cover that provider.
    """
    return Referral.objects.create(
        **vars(ask),
        number=numbers.next_number(Series.REFERRAL),
        need=referral.need,
        offer=offer,
        provider_id=offer.provider_id,
        line=line,
        replaces=replaces,
        town_id=referral.town_id,
        size=referral.size,
        urgent=referral.urgent,
        case_mix=referral.case_mix,
        consent=consent_for(referral.need, offer.provider_id),
        choice=choice,
    )


def lock(need: Need) -> Need:
    """The need, locked, with the related rows that a referral is made from."""
    return (
        Need.objects.select_for_update(of=("self",))
        .select_related("matter__household", "town", "person")
        .get(pk=need.pk)
    )


def _open_for(need: Need, request_for_offers: RequestForOffers | None, replaces: Referral | None) -> None:
    if replaces is not None:
        if replaces.need_id != need.pk or not replaces.served:
            raise NotNow(_("这个转介没有在服务中，不用移交。"), rule="S28")
        if Referral.objects.filter(replaces=replaces, status__in=ReferralStatus.in_phase(ASKED)).exists():
            raise NotNow(_("已经在请另一家接手，请等答复。"), rule="S28")
        return
    asked_already = request_for_offers is not None and need.offered_out
    if not (need.waits or asked_already):
        raise NotNow(
            _("这项需求当前是“%(state)s”，不能再发转介。") % {"state": need.status_label}, rule="S16"
        )


def eligible(ranking: Ranking, offer_id: int) -> Candidate:
    """The candidate of an offer. Raises ``Invalid``, with the reasons, for one that is not eligible."""
    chosen = ranking.find(offer_id)
    if chosen is None or not chosen.eligible:
        words = "；".join(chosen.why_not) if chosen else _("不在候选范围内")
        raise Invalid(words, fields={"offer_id": words}, rule="S28")
    return chosen


def why_this_one(ranking: Ranking, chosen: Candidate, need: Need, reason: str) -> None:
    """Require a reason for another candidate than the first, except in an emergency."""
    first = ranking.candidates[0]
    if chosen.provider_id != first.provider_id and not reason.strip() and not need.urgent:
        message = _("没有选择排在第一的机构，请写明理由。")
        raise Invalid(message, fields={"choice_reason": message}, rule="S28")


def require_no_excess(
    need: Need, chosen: Candidate, units: int, *, by: Actor, reason: str, replaces: Referral | None = None
) -> None:
    """Check the help against what the household has. Raises ``Invalid`` (S22) without a reason to go on."""
    if replaces is not None:
        return  # the same help, by another provider
    item = Item.objects.defer("search").get(pk=chosen.item_id)
    worth = units * (chosen.unit_price or item.price_high)
    checks.require(checks.of_help(need, item, worth), need, by=by, reason=reason)


def choice_of(ranking: Ranking, chosen: Candidate, reason: str, override_reason: str = "") -> dict[str, Any]:
    """The ranking as it is stored with a referral, so that the choice can be explained years later."""
    return {
        "rank": ranking.position(chosen.offer_id),
        "score": chosen.total,
        "parts": [part.as_json() for part in chosen.parts],
        "reason": reason,
        "override": override_reason,
        "rule": "matching.weights",
        "version": ranking.rule_version,
    }


def consent_for(need: Need, provider_id: int) -> Consent | None:
    """The consent under which data may go to the provider; None in an emergency.

    Raises ``Invalid`` where there is none, or it was withdrawn.
    """
    receiver = Provider.objects.get(pk=provider_id).organization_id
    given = list(need.matter.household.consents.all())
    found = next((consent for consent in given if consent.allows(receiver, need.person)), None)
    if found is not None:
        return found
    refused = any(consent.withdrawn_at for consent in given)
    if need.urgent and not refused:
        return None
    message = (
        _("家庭已撤回同意，不能再向机构提供信息。")
        if refused
        else _("家庭还没有同意向机构提供信息，请先取得单独同意。")
    )
    raise Invalid(message, fields={"consent": message}, rule=SEPARATE_CONSENT)
