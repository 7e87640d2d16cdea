"""The actions of requests for offers: providers are asked one after another, or at once, with the first or
the best.

Every offer in a request is an ordinary referral. Answers to one need wait for one another (``alone`` in the
table), so that two never win.
"""

from __future__ import annotations

from django.db import transaction

from foundation.lifecycle.phases import ASKED
from foundation.refusals import Refused
from foundation.roles import Actor
from foundation.rules import reading
from referrals.matching.ranking import rank
from referrals.needs import triage
from referrals.needs.models import Need
from referrals.offers import offering, preparing
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.offers.states import ReferralStatus
from referrals.requests.models import Mode, RequestForOffers
from referrals.requests.states import REQUEST


@REQUEST.start("announce")
def announce(
    *,
    by: Actor,
    need: Need,
    ask: Ask,
    mode: str,
    offer_id: int,
    choice_reason: str = "",
    override_reason: str = "",
) -> RequestForOffers:
    """Offer a need to the chosen candidate and to those ranked after it.

    ``mode`` is a cascade, or at once with the first or the best answer winning; the rule ``offering.call``
    limits how many are asked. Raises what ``prepare`` raises.
    """
    need = preparing.lock(need)
    ranking = rank(need, units=ask.units, weekly=ask.weekly)
    chosen = preparing.eligible(ranking, offer_id)
    preparing.why_this_one(ranking, chosen, need, choice_reason)
    most = reading.current("offering.call").value["most"]
    others = [candidate for candidate in ranking.by_provider if candidate.provider_id != chosen.provider_id]
    queue = [chosen, *others][:most]
    request = RequestForOffers.objects.create(
        **vars(ask),
        need=need,
        town_id=need.town_id,
        mode=mode,
        queue=[
            {"offer": candidate.offer_id, "provider": candidate.provider, "score": candidate.total}
            for candidate in queue
        ],
    )
    asked = queue[:1] if mode == Mode.CASCADE else queue
    for candidate in asked:
        _ask(request, need, candidate.offer_id, by=by, override_reason=override_reason)
        override_reason = ""  # the reason of the first sets the findings aside for all
    return request


def _ask(
    request: RequestForOffers, need: Need, offer_id: int, *, by: Actor, override_reason: str = ""
) -> None:
    referral = preparing.prepare(
        by=by,
        need=need,
        ask=request.ask,
        offer_id=offer_id,
        override_reason=override_reason,
        request_for_offers=request,
    )
    offering.offer(referral, by=by)


@offering.accept.then
@offering.award.then
@offering.assign.then
def _taken(referral: Referral, *, by: Actor, **given: object) -> None:
    """A provider has accepted: the request is filled and the other providers are told that they are not
    chosen.
    """
    if referral.request_for_offers_id is None:
        return
    system = by.as_system()
    for other in _siblings(referral):
        offering.stand_down(other, by=system)
    request = referral.request_for_offers
    if request is None:
        raise TypeError(f"{referral} answers no request")
    if request.open:
        choose(request, by=system)


@offering.volunteer.then
def _answered(referral: Referral, *, by: Actor) -> None:
    """A provider has volunteered: once nobody is left to answer, the best is chosen."""
    request = referral.request_for_offers
    if request is None:
        raise TypeError(f"{referral} answers no request")
    if not request.referrals.unanswered().exists():
        judge(request, by=by.as_system())


@offering.decline.then
@offering.time_out.then
@offering.withdraw.then
def _lost(referral: Referral, *, by: Actor, **given: object) -> None:
    """An offer came to nothing: the next provider is asked, or the need returns to the window."""
    if referral.replaces_id is not None:
        return  # the present provider goes on serving
    system = by.as_system()
    if referral.request_for_offers_id is None:
        triage.return_to_window(referral.need, by=system)
        return
    request = referral.request_for_offers
    if request is None:
        raise TypeError(f"{referral} answers no request")
    if not request.open:
        return
    if request.mode == Mode.CASCADE:
        _next(request, by=system)
    elif not request.referrals.unanswered().exists():
        judge(request, by=system)


def _next(request: RequestForOffers, *, by: Actor) -> None:
    """Ask the next provider of the queue that is still eligible."""
    done = set(request.referrals.values_list("offer_id", flat=True))
    need = Need.objects.get(pk=request.need_id)
    for row in request.queue:
        if row["offer"] in done:
            continue
        try:
            with transaction.atomic():
                _ask(request, need, row["offer"], by=by)
        except Refused:  # no longer eligible: try the next one
            continue
        return
    fail(request, by=by)


choose = REQUEST.act("choose", RequestForOffers)


judge = REQUEST.act("judge", RequestForOffers)


@judge.then
def _award_to_best(request: RequestForOffers, *, by: Actor) -> None:
    """Award it to the best volunteer that still can serve; without one the request fails."""
    place = {row["offer"]: n for n, row in enumerate(request.queue)}
    willing = sorted(request.referrals.volunteered(), key=lambda referral: place[referral.offer_id])
    for referral in willing:
        try:
            with transaction.atomic():
                offering.award(referral, by=by)
        except Refused:  # its quota or places are used up meanwhile
            offering.stand_down(referral, by=by)
            continue
        return
    fail(request, by=by)


@REQUEST.transition("fail")
def fail(request: RequestForOffers, *, by: Actor) -> None:
    """Nobody is left: the need returns to the window and counts as unmet."""
    triage.fall_short(request.need, by=by)


withdraw = REQUEST.act("withdraw", RequestForOffers)


@withdraw.then
def _withdraw_offers(request: RequestForOffers, *, by: Actor, reason: str) -> None:
    """Withdraw every offer of a request that the window withdraws."""
    for referral in request.referrals.filter(status__in=ReferralStatus.in_phase(ASKED)):
        offering.withdraw(referral, by=by.as_system(), reason=reason)
    need = Need.objects.get(pk=request.need_id)
    if need.offered_out:
        triage.return_to_window(need, by=by.as_system())


end_with_death = REQUEST.act("end_with_death", RequestForOffers)


def _siblings(referral: Referral) -> list[Referral]:
    return list(
        Referral.objects.filter(
            request_for_offers=referral.request_for_offers, status__in=ReferralStatus.in_phase(ASKED)
        ).exclude(pk=referral.pk)
    )
