"""The actions of offering: a need is sent to a provider, which accepts, declines or lets the time run out.

What follows for the need and its request for offers is in ``referrals.requests.requesting``.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from catalog.offers import applying
from contracts.contracts import quota
from foundation import moments
from foundation.lifecycle.acting import once
from foundation.lifecycle.phases import SERVING
from foundation.messaging import sending, texts
from foundation.refusals import Exhausted, Invalid, NotNow
from foundation.roles import Actor, Role
from foundation.transactions import whole
from giving import allocations
from households.register import phones
from organizations.people.models import Membership
from referrals.needs import triage
from referrals.needs.models import Need
from referrals.offers import foreseeing, links
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.offers.preparing import SEPARATE_CONSENT, prepare
from referrals.offers.states import REFERRAL, ReferralStatus
from referrals.service import closing


@whole
def send(
    need: Need,
    ask: Ask,
    *,
    by: Actor,
    offer_id: int,
    choice_reason: str = "",
    override_reason: str = "",
    replaces: Referral | None = None,
    key: str = "",
) -> Referral:
    """Prepare a referral to one candidate and offer it, in one step.

    The same ``key`` gives the same referral. Raises what ``prepare`` and ``offer`` raise.
    """
    referral = once(key, prepare)(
        by=by,
        need=need,
        ask=ask,
        offer_id=offer_id,
        choice_reason=choice_reason,
        override_reason=override_reason,
        replaces=replaces,
    )
    return referral if referral.offered_at else offer(referral, by=by)


@REFERRAL.transition("offer")
def offer(referral: Referral, *, by: Actor) -> None:
    """Offer the referral to the provider; the deadline of its answer begins."""
    referral.offered_at = moments.now()
    need = Need.objects.get(pk=referral.need_id)
    if referral.replaces_id is None and not need.offered_out:
        triage.refer(need, by=by.as_system())


@offer.then
def _send_the_link(referral: Referral, *, by: Actor) -> None:
    links.send(referral)


@REFERRAL.transition("accept")
def accept(referral: Referral, *, by: Actor, worker: Membership | None = None) -> None:
    """Accept the referral: its units, one place and its part of the week are reserved.

    Raises ``Exhausted`` when one of them is used up, ``NotNow`` for a provider that is suspended or has left,
    or when another one was faster.
    """
    take(referral, by=by, worker=worker)


accept.foreseen(foreseeing.not_to_be_accepted)


@REFERRAL.transition("award")
def award(referral: Referral, *, by: Actor) -> None:
    """The best of the volunteers gets the referral. Raises what ``accept`` raises."""
    take(referral, by=by)


@REFERRAL.transition("assign")
def assign(referral: Referral, *, by: Actor) -> None:
    """A provider with a contract takes over from one that leaves. Raises what ``accept`` raises."""
    take(referral, by=by)


def take(referral: Referral, *, by: Actor, worker: Membership | None = None) -> None:
    """What every acceptance does, whichever transition it is: check the provider, reserve, hand on the
    contact data, begin the service.
    """
    provider = referral.provider
    if refused := foreseeing.out_of_standing(provider):
        raise refused
    if worker is not None:
        _check_worker(worker, referral)
        referral.worker = worker.user
    old = _served_by(referral)
    if old:
        closing.lock_referrals(referral, old)
        hand_over(old, by=by.as_system())
        _notify_household(referral)
    # Line and offer are locked by the statements that draw on them, in this order.
    backing = allocations.locked_backing(referral.offer_id)
    if referral.line_id:
        quota.reserve(referral.line_id, referral.units)
    applying.take_place(referral.offer_id, weekly=referral.weekly, units=referral.units)
    allocations.reserve(backing, referral.units, holder=referral.number)
    referral.answered_at = referral.answered_at or moments.now()
    _hand_over_data(referral)
    if referral.replaces_id is None:
        triage.begin_service(referral.need, by=by.as_system())


def _served_by(referral: Referral) -> Referral | None:
    """The running service that this one takes over without a gap, locked; None where it takes over none.

    It is locked before what both draw on, as in every action on a referral. Raises ``NotNow`` where another
    provider serves the need.
    """
    serving = Referral.objects.filter(need_id=referral.need_id, status__in=ReferralStatus.in_phase(SERVING))
    if referral.replaces_id is not None:
        old = serving.select_for_update(of=("self",)).filter(pk=referral.replaces_id).first()
        if old is None:
            raise NotNow(_("原来的服务已经结束，不用再接手。"), rule="S28")
        return old
    if serving.exists():
        raise NotNow(_("这户已由别家服务。"), rule="S28")
    return None


def _notify_household(referral: Referral) -> None:
    """Text the household who comes from now on and whom to call; the same text however a service changes
    hands.
    """
    matter = referral.need.matter
    words = texts.worded(
        "messages.referrals", "handed_over", provider=referral.provider, phone=matter.window.phone
    )
    sending.send(phones.reached_at(matter.household, referral.need.person), words, about="handed-over")


@REFERRAL.transition("hand_over")
def hand_over(referral: Referral, *, by: Actor) -> None:
    """Another provider has taken over: what is unused is released, the contact data are erased."""
    referral.finished_at = moments.now()
    closing.release(referral)
    closing.write_help(referral)
    closing.erase(referral)


@REFERRAL.transition("volunteer")
def volunteer(referral: Referral, *, by: Actor) -> None:
    """Offer to serve; the best of the volunteers is chosen when all have answered."""
    referral.answered_at = moments.now()


@REFERRAL.transition("decline")
def decline(referral: Referral, *, by: Actor, reason: str) -> None:
    """Decline with a coded reason; the next provider is asked, or the need returns to the window."""
    referral.answered_at = moments.now()


time_out = REFERRAL.act("time_out", Referral)


withdraw = REFERRAL.act("withdraw", Referral)


# Declining has no consequence for the provider.
stand_down = REFERRAL.act("stand_down", Referral)


def _check_worker(worker: Membership, referral: Referral) -> None:
    if worker.role != Role.SOCIAL_WORKER or worker.organization_id != referral.provider.organization_id:
        message = _("请选择本机构的社工或志愿者。")
        raise Invalid(message, fields={"worker": message})


def _hand_over_data(referral: Referral) -> None:
    """Copy to the referral the contact data that consent covers, field by field (PIPL 23); in an emergency
    what is needed to reach the household.
    """
    consent = referral.consent
    if consent is None and not referral.urgent:
        raise Exhausted(_("家庭还没有同意，请联系窗口。"), rule=SEPARATE_CONSENT)
    if consent is not None and not consent.holds:
        raise Exhausted(_("家庭的同意已撤回或过期，请联系窗口。"), rule=SEPARATE_CONSENT)
    household = referral.need.matter.household
    if not household.is_home_of(referral.need.person):
        raise Exhausted(_("这项需求的人已不住在这户，请联系窗口。"), rule=SEPARATE_CONSENT)
    head = None if referral.need.person else household.head
    person = head.person if head else referral.need.person
    plain = {
        "contact_name": person.name.plain() if person else "",
        "contact_phone": phones.reached_at(household),
        "contact_address": household.address.plain() if household.address else "",
    }
    for name in consent.scope if consent is not None else plain:
        setattr(referral, name, plain[name])
