"""A need is offered to a provider, which accepts, declines or lets time run out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog import offers
from catalog.models import Item
from contracts import quota
from foundation import moments, numbering
from foundation.refusals import Exhausted, Invalid, NotNow
from foundation.roles import Actor, Role
from households.models import Consent
from organizations.lifecycle import Standing
from organizations.models import Membership, Provider
from referrals import calls, checks, links, matching, settling, triage
from referrals.candidates import Candidate
from referrals.lifecycle import REFERRAL, NeedStatus
from referrals.matching import Ranking
from referrals.models import Call, Need, Referral
from referrals.models.referral import SERVED_NOW

#: Data may be handed on without consent to save life, health or property in an emergency.
EMERGENCY = "个人信息保护法第十三条第四项"
SEPARATE_CONSENT = "个人信息保护法第二十三条"


@transaction.atomic
def send(
    need: Need,
    *,
    by: Actor,
    offer_id: int,
    units: int,
    goal: str,
    weekly: int | None = None,
    choice_reason: str = "",
    override_reason: str = "",
    replaces: Referral | None = None,
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
        weekly=weekly,
        goal=goal,
        choice_reason=choice_reason,
        override_reason=override_reason,
        replaces=replaces,
    )
    return referral if referral.offered_at else offer(referral, by=by)


@REFERRAL.start("prepare")
def prepare(
    *,
    by: Actor,
    need: Need,
    offer_id: int,
    units: int,
    goal: str,
    weekly: int | None = None,
    choice_reason: str = "",
    override_reason: str = "",
    call: Call | None = None,
    replaces: Referral | None = None,
) -> Referral:
    """Draft a referral of ``units``, ``weekly`` of them a week, to a candidate.

    ``replaces`` is a referral that goes on until this one is accepted. Raises ``Invalid``
    where the offer is no candidate (with the reasons why), another than the first is
    chosen without a reason, help would be given twice without one, or consent lacks; and
    ``NotNow`` where the need is not open.
    """
    need = lock(need)
    _open_for(need, call, replaces)
    ranking = matching.rank(need, units=units, weekly=weekly)
    chosen = ranking.find(offer_id)
    if chosen is None or not chosen.eligible:
        words = ";".join(chosen.why_not) if chosen else _("不在候选范围内")
        raise Invalid(words, fields={"offer_id": words}, rule="S28")
    if call is None:
        why_this_one(ranking, chosen, need, choice_reason)
    require_no_excess(need, chosen, units, by=by, reason=override_reason, replaces=replaces)
    return create(
        need,
        chosen,
        units=units,
        weekly=weekly or matching.weekly_of(units),
        goal=goal,
        consent=consent_for(need, chosen.provider_id),
        choice=choice_of(ranking, chosen, choice_reason, override_reason),
        call=call,
        replaces=replaces,
    )


def lock(need: Need) -> Need:
    """The need, locked, with what a referral is made from."""
    return (
        Need.objects.select_for_update(of=("self",))
        .select_related("matter__household", "town", "person")
        .get(pk=need.pk)
    )


def _open_for(need: Need, call: Call | None, replaces: Referral | None) -> None:
    if replaces is not None:
        if replaces.need_id != need.pk or replaces.status not in SERVED_NOW:
            raise NotNow(_("这个转介没有在服务中,不用移交。"), rule="S28")
        if Referral.objects.filter(replaces=replaces, status="offered").exists():
            raise NotNow(_("已经在请另一家接手,请等答复。"), rule="S28")
        return
    open_states = [NeedStatus.OPEN, NeedStatus.UNMET]
    if call is not None:
        open_states.append(NeedStatus.REFERRED)
    if need.status not in open_states:
        raise NotNow(
            _("这项需求当前是“%(state)s”,不能再发转介。") % {"state": need.status_label}, rule="S16"
        )


def why_this_one(ranking: Ranking, chosen: Candidate, need: Need, reason: str) -> None:
    """Another than the first asks for a reason; an emergency does not wait for one."""
    first = ranking.candidates[0]
    if chosen.provider_id != first.provider_id and not reason.strip() and not need.urgent:
        message = _("没有选择排在第一的机构,请写明理由。")
        raise Invalid(message, fields={"choice_reason": message}, rule="S28")


def require_no_excess(
    need: Need,
    chosen: Candidate,
    units: int,
    *,
    by: Actor,
    reason: str,
    replaces: Referral | None = None,
) -> None:
    """Hold the help against what the household has; raises ``Invalid`` (S22)."""
    if replaces is not None:
        return  # the same help, by another
    item = Item.objects.defer("search").get(pk=chosen.item_id)
    worth = units * (chosen.unit_price or item.price_high)
    checks.require(checks.of_help(need, item, worth), need, by=by, reason=reason)


def choice_of(
    ranking: Ranking, chosen: Candidate, reason: str, override_reason: str = ""
) -> dict[str, Any]:
    """What is kept with a referral, so that the choice can be explained years later."""
    return {
        "rank": ranking.position(chosen.offer_id),
        "score": chosen.total,
        "parts": [part.as_json() for part in chosen.parts],
        "reason": reason,
        "override": override_reason,
        "rule": "matching.weights",
        "version": ranking.rule_version,
    }


def create(
    need: Need,
    chosen: Candidate,
    *,
    units: int,
    weekly: int,
    goal: str,
    consent: Consent | None,
    choice: dict[str, Any],
    call: Call | None = None,
    replaces: Referral | None = None,
) -> Referral:
    """The draft itself; the caller has checked everything."""
    return Referral.objects.create(
        number=numbering.next_number("ZJ"),
        need=need,
        offer_id=chosen.offer_id,
        provider_id=chosen.provider_id,
        line_id=chosen.line_id,
        call=call,
        replaces=replaces,
        town_id=need.town_id,
        size=need.matter.household.size,
        urgent=need.urgent,
        units=units,
        weekly=weekly,
        goal=goal,
        consent=consent,
        choice=choice,
    )


def consent_for(need: Need, provider_id: int) -> Consent | None:
    """The consent under which data may go to the provider; None in an emergency.

    Raises ``Invalid`` where there is none, or it was withdrawn.
    """
    receiver = Provider.objects.get(pk=provider_id).organization_id
    given = list(need.matter.household.consents.all())
    found = next((each for each in given if each.allows(receiver, need.person)), None)
    if found is not None:
        return found
    refused = any(each.withdrawn_at for each in given)
    if need.urgent and not refused:
        return None
    message = (
        _("家庭已撤回同意,不能再向机构提供信息。")
        if refused
        else _("家庭还没有同意向机构提供信息,请先取得单独同意。")
    )
    raise Invalid(message, fields={"consent": message}, rule=SEPARATE_CONSENT)


@REFERRAL.move("offer")
def offer(referral: Referral, *, by: Actor) -> Callable[[], None]:
    """Send the referral to the provider; its clock to answer starts."""
    referral.offered_at = moments.now()
    need = Need.objects.get(pk=referral.need_id)
    if referral.replaces_id is None and need.status != NeedStatus.REFERRED:
        triage.refer(need, by=by.as_system())
    return partial(links.send, referral)


@REFERRAL.move("accept")
def accept(
    referral: Referral, *, by: Actor, worker: Membership | None = None
) -> Callable[[], None]:
    """Take the referral: reserve its units, one place and its part of the week.

    Raises ``Exhausted`` when one of them is gone, ``NotNow`` for a provider that is
    suspended or exited, or when another was faster.
    """
    return take(referral, by=by, worker=worker)


@REFERRAL.move("award")
def award(referral: Referral, *, by: Actor) -> Callable[[], None]:
    """The best of those that volunteered takes it; raises what ``accept`` raises."""
    return take(referral, by=by)


@REFERRAL.move("assign")
def assign(referral: Referral, *, by: Actor) -> Callable[[], None]:
    """A provider with a contract takes over from one that leaves."""
    return take(referral, by=by)


def take(referral: Referral, *, by: Actor, worker: Membership | None = None) -> Callable[[], None]:
    """What every acceptance does, whoever made it; returns what follows it."""
    provider = Provider.objects.get(pk=referral.provider_id)
    if provider.status != Standing.ACCREDITED:
        raise NotNow(
            _("机构当前“%(state)s”,不能接受新的转介。") % {"state": provider.status_label},
            rule="S26",
        )
    if worker is not None:
        _check_worker(worker, referral)
        referral.worker = worker.user
    _step_in(referral, by)
    if referral.line_id:
        quota.reserve(referral.line_id, referral.units)
    offers.take_place(referral.offer_id, weekly=referral.weekly, units=referral.units)
    referral.answered_at = moments.now()
    _hand_over_data(referral)
    if referral.replaces_id is None:
        triage.begin_service(referral.need, by=by.as_system())
    return partial(calls.taken, referral, by.as_system())


def _step_in(referral: Referral, by: Actor) -> None:
    """Nobody else serves the need, or whoever did hands over now, without a gap."""
    serving = Referral.objects.filter(need_id=referral.need_id, status__in=SERVED_NOW)
    if referral.replaces_id is not None:
        old = serving.filter(pk=referral.replaces_id).first()
        if old is None:
            raise NotNow(_("原来的服务已经结束,不用再接手。"), rule="S28")
        hand_over(old, by=by.as_system())
    elif serving.exists():
        raise NotNow(_("这户已由别家服务。"), rule="S28")


@REFERRAL.move("hand_over")
def hand_over(referral: Referral, *, by: Actor) -> None:
    """Another provider has taken over: what is unused is released, the data are erased."""
    referral.finished_at = moments.now()
    settling.release(referral)
    settling.write_help(referral)
    settling.erase(referral)


@REFERRAL.move("volunteer")
def volunteer(referral: Referral, *, by: Actor) -> Callable[[], None]:
    """Say that one would serve; the best of those who do is chosen when all have answered."""
    referral.answered_at = moments.now()
    return partial(calls.answered, referral, by.as_system())


@REFERRAL.move("decline")
def decline(referral: Referral, *, by: Actor, reason: str) -> Callable[[], None]:
    """Decline with a coded reason; the next is asked, or the need is back at the window."""
    referral.answered_at = moments.now()
    return partial(calls.lost, referral, by.as_system())


@REFERRAL.move("time_out")
def time_out(referral: Referral, *, by: Actor) -> Callable[[], None]:
    """The clock made this move: no answer in time."""
    return partial(calls.lost, referral, by)


@REFERRAL.move("withdraw")
def withdraw(referral: Referral, *, by: Actor, reason: str) -> Callable[[], None]:
    """The window takes an unanswered referral back."""
    return partial(calls.lost, referral, by.as_system())


@REFERRAL.move("stand_down")
def stand_down(referral: Referral, *, by: Actor) -> None:
    """Another provider serves the household; nothing is held against this one."""


def _check_worker(worker: Membership, referral: Referral) -> None:
    if (
        worker.role != Role.SOCIAL_WORKER
        or worker.organization_id != referral.provider.organization_id
    ):
        message = _("请选择本机构的社工或志愿者。")
        raise Invalid(message, fields={"worker": message})


def _hand_over_data(referral: Referral) -> None:
    """Copy to the referral what consent covers, field by field (PIPL 23); in an emergency
    what is needed to reach the household.
    """
    consent = referral.consent
    if consent is None and not referral.urgent:
        raise Exhausted(_("家庭还没有同意,请联系窗口。"), rule=SEPARATE_CONSENT)
    if consent is not None and not consent.holds:
        raise Exhausted(_("家庭的同意已撤回或过期,请联系窗口。"), rule=SEPARATE_CONSENT)
    household = referral.need.matter.household
    person = referral.need.person or (household.head.person if household.head else None)
    plain = {
        "contact_name": person.name.plain() if person else "",
        "contact_phone": household.phone.plain() if household.phone else "",
        "contact_address": household.address.plain() if household.address else "",
    }
    for name in consent.scope if consent is not None else plain:
        setattr(referral, name, plain[name])
