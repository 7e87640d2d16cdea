"""One need, several providers: one after another, or at once with the first or the best.

Every offer of a call is an ordinary referral. Answers to one need wait for one another
(``alone`` in the table), so two never win.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from foundation.refusals import Refused
from foundation.roles import Actor
from foundation.rules import reading
from referrals import matching, preparing, triage
from referrals.lifecycle import CALL, REFERRAL, CallStatus, NeedStatus, ReferralStatus
from referrals.models import Call, Need, Referral
from referrals.models.asked import Ask
from referrals.models.call import Mode


@CALL.start("announce")
def announce(
    *,
    by: Actor,
    need: Need,
    ask: Ask,
    mode: str,
    offer_id: int,
    choice_reason: str = "",
    override_reason: str = "",
) -> Call:
    """Offer a need to the chosen candidate and to those ranked after it.

    ``mode`` is a cascade, or at once with the first or the best answer winning; how many
    are asked at most is the rule ``offering.call``. Raises what ``prepare`` raises.
    """
    need = preparing.lock(need)
    ranking = matching.rank(need, units=ask.units, weekly=ask.weekly)
    chosen = preparing.eligible(ranking, offer_id)
    preparing.why_this_one(ranking, chosen, need, choice_reason)
    most = reading.current("offering.call").value["most"]
    others = [each for each in ranking.by_provider if each.provider_id != chosen.provider_id]
    queue = [chosen, *others][:most]
    call = Call.objects.create(
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


def _ask(call: Call, need: Need, offer_id: int, *, by: Actor, override_reason: str = "") -> None:
    referral = preparing.prepare(
        by=by, need=need, ask=call.ask, offer_id=offer_id, override_reason=override_reason, call=call
    )
    _move("offer", referral, by=by)


def taken(referral: Referral, by: Actor) -> None:
    """A provider has taken it: the call is filled and the others are told to stand down."""
    if referral.call_id is None:
        return
    for other in _siblings(referral):
        _move("stand_down", other, by=by)
    call = referral.call
    if call is None:
        raise TypeError(f"{referral} answers no call")
    if call.status == CallStatus.OPEN:
        choose(call, by=by)


def answered(referral: Referral, by: Actor) -> None:
    """A provider has volunteered: once nobody is left to answer, the best is chosen."""
    call = referral.call
    if call is None:
        raise TypeError(f"{referral} answers no call")
    if not call.referrals.filter(status=ReferralStatus.OFFERED).exists():
        judge(call, by=by)


def lost(referral: Referral, by: Actor) -> None:
    """An offer came to nothing: the next is asked, else the need is back at the window."""
    if referral.replaces_id is not None:
        return  # the old provider goes on serving
    if referral.call_id is None:
        triage.return_to_window(referral.need, by=by)
        return
    call = referral.call
    if call is None:
        raise TypeError(f"{referral} answers no call")
    if call.status != CallStatus.OPEN:
        return
    if call.mode == Mode.CASCADE:
        _next(call, by)
    elif not call.referrals.filter(status=ReferralStatus.OFFERED).exists():
        judge(call, by=by)


def _next(call: Call, by: Actor) -> None:
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


choose = CALL.act("choose", Call)


@CALL.move("judge")
def judge(call: Call, *, by: Actor) -> Any:
    """Give it to the best of those who volunteered and still can; else the call fails."""
    return lambda: _award(call, by)


def _award(call: Call, by: Actor) -> None:
    place = {row["offer"]: n for n, row in enumerate(call.queue)}
    willing = sorted(
        call.referrals.filter(status=ReferralStatus.WILLING), key=lambda each: place[each.offer_id]
    )
    for each in willing:
        try:
            with transaction.atomic():
                _move("award", each, by=by)
        except Refused:  # its quota or places have gone meanwhile
            _move("stand_down", each, by=by)
            continue
        return
    fail(call, by=by)


@CALL.move("fail")
def fail(call: Call, *, by: Actor) -> None:
    """Nobody is left: the need is back at the window and shown as unmet."""
    triage.fall_short(call.need, by=by)


@CALL.move("withdraw")
def withdraw(call: Call, *, by: Actor, reason: str) -> Any:
    """The window takes the call back, and every offer of it."""

    def follow_up() -> None:
        for each in call.referrals.filter(status__in=[ReferralStatus.OFFERED, ReferralStatus.WILLING]):
            _move("withdraw", each, by=by.as_system(), reason=reason)
        need = Need.objects.get(pk=call.need_id)
        if need.status == NeedStatus.REFERRED:
            triage.return_to_window(need, by=by.as_system())

    return follow_up


end_with_death = CALL.act("end_with_death", Call)


def _siblings(referral: Referral) -> list[Referral]:
    return list(
        Referral.objects.filter(
            call=referral.call, status__in=[ReferralStatus.OFFERED, ReferralStatus.WILLING]
        ).exclude(pk=referral.pk)
    )


def _move(name: str, referral: Referral, **given: Any) -> None:
    """A move of one offer, by the table: the verbs of offers call this module, not the other
    way round.
    """
    REFERRAL.verbs[name](referral, **given)
