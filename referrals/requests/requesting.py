"""One need, several providers: one after another, or at once with the first or the best.

Every offer of a call is an ordinary referral. Answers to one need wait for one another
(``alone`` in the table), so two never win.
"""

from __future__ import annotations

from django.db import transaction

from foundation.refusals import Refused
from foundation.roles import Actor
from foundation.rules import reading
from referrals.matching import ranking as matching_ranking
from referrals.needs import triage
from referrals.needs.models import Need
from referrals.needs.states import NeedStatus
from referrals.offers import offering, preparing
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.offers.states import ReferralStatus
from referrals.requests.models import Mode, RequestForOffers
from referrals.requests.states import REQUEST, RequestStatus


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

    ``mode`` is a cascade, or at once with the first or the best answer winning; how many
    are asked at most is the rule ``offering.call``. Raises what ``prepare`` raises.
    """
    need = preparing.lock(need)
    ranking = matching_ranking.rank(need, units=ask.units, weekly=ask.weekly)
    chosen = preparing.eligible(ranking, offer_id)
    preparing.why_this_one(ranking, chosen, need, choice_reason)
    most = reading.current("offering.call").value["most"]
    others = [each for each in ranking.by_provider if each.provider_id != chosen.provider_id]
    queue = [chosen, *others][:most]
    call = RequestForOffers.objects.create(
        **vars(ask),
        need=need,
        town_id=need.town_id,
        mode=mode,
        queue=[{"offer": each.offer_id, "provider": each.provider, "score": each.total} for each in queue],
    )
    asked = queue[:1] if mode == Mode.CASCADE else queue
    for each in asked:
        _ask(call, need, each.offer_id, by=by, override_reason=override_reason)
        override_reason = ""  # what stood against the help is set aside with the first
    return call


def _ask(call: RequestForOffers, need: Need, offer_id: int, *, by: Actor, override_reason: str = "") -> None:
    referral = preparing.prepare(
        by=by, need=need, ask=call.ask, offer_id=offer_id, override_reason=override_reason, call=call
    )
    offering.offer(referral, by=by)


@offering.accept.then
@offering.award.then
@offering.assign.then
def _taken(referral: Referral, *, by: Actor, **given: object) -> None:
    """A provider has taken it: the call is filled and the others are told to stand down."""
    if referral.call_id is None:
        return
    system = by.as_system()
    for other in _siblings(referral):
        offering.stand_down(other, by=system)
    call = referral.call
    if call is None:
        raise TypeError(f"{referral} answers no call")
    if call.status == RequestStatus.OPEN:
        choose(call, by=system)


@offering.volunteer.then
def _answered(referral: Referral, *, by: Actor) -> None:
    """A provider has volunteered: once nobody is left to answer, the best is chosen."""
    call = referral.call
    if call is None:
        raise TypeError(f"{referral} answers no call")
    if not call.referrals.filter(status=ReferralStatus.OFFERED).exists():
        judge(call, by=by.as_system())


@offering.decline.then
@offering.time_out.then
@offering.withdraw.then
def _lost(referral: Referral, *, by: Actor, **given: object) -> None:
    """An offer came to nothing: the next is asked, else the need is back at the window."""
    if referral.replaces_id is not None:
        return  # the old provider goes on serving
    system = by.as_system()
    if referral.call_id is None:
        triage.return_to_window(referral.need, by=system)
        return
    call = referral.call
    if call is None:
        raise TypeError(f"{referral} answers no call")
    if call.status != RequestStatus.OPEN:
        return
    if call.mode == Mode.CASCADE:
        _next(call, by=system)
    elif not call.referrals.filter(status=ReferralStatus.OFFERED).exists():
        judge(call, by=system)


def _next(call: RequestForOffers, *, by: Actor) -> None:
    """Ask the next of the queue that still may serve."""
    done = set(call.referrals.values_list("offer_id", flat=True))
    need = Need.objects.get(pk=call.need_id)
    for row in call.queue:
        if row["offer"] in done:
            continue
        try:
            with transaction.atomic():
                _ask(call, need, row["offer"], by=by)
        except Refused:  # no longer eligible: the one after it
            continue
        return
    fail(call, by=by)


choose = REQUEST.act("choose", RequestForOffers)


judge = REQUEST.act("judge", RequestForOffers)


@judge.then
def _give_to_the_best(call: RequestForOffers, *, by: Actor) -> None:
    """Give it to the best of those who volunteered and still can; else the call fails."""
    place = {row["offer"]: n for n, row in enumerate(call.queue)}
    willing = sorted(
        call.referrals.filter(status=ReferralStatus.WILLING), key=lambda each: place[each.offer_id]
    )
    for each in willing:
        try:
            with transaction.atomic():
                offering.award(each, by=by)
        except Refused:  # its quota or places have gone meanwhile
            offering.stand_down(each, by=by)
            continue
        return
    fail(call, by=by)


@REQUEST.transition("fail")
def fail(call: RequestForOffers, *, by: Actor) -> None:
    """Nobody is left: the need is back at the window and shown as unmet."""
    triage.fall_short(call.need, by=by)


withdraw = REQUEST.act("withdraw", RequestForOffers)


@withdraw.then
def _take_back_its_offers(call: RequestForOffers, *, by: Actor, reason: str) -> None:
    """The window takes the call back, and every offer of it."""
    for referral in call.referrals.filter(status__in=[ReferralStatus.OFFERED, ReferralStatus.WILLING]):
        offering.withdraw(referral, by=by.as_system(), reason=reason)
    need = Need.objects.get(pk=call.need_id)
    if need.status == NeedStatus.REFERRED:
        triage.return_to_window(need, by=by.as_system())


end_with_death = REQUEST.act("end_with_death", RequestForOffers)


def _siblings(referral: Referral) -> list[Referral]:
    return list(
        Referral.objects.filter(
            call=referral.call, status__in=[ReferralStatus.OFFERED, ReferralStatus.WILLING]
        ).exclude(pk=referral.pk)
    )
