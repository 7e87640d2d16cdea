"""What happens to open work when a household closes, a consent is withdrawn, or somebody dies (hooks of
``households``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.inbox import notices
from foundation.lifecycle.phases import ANSWERING, ASKED, SERVING
from foundation.refusals import Refused
from foundation.roles import Actor, Role
from foundation.rules import reading
from foundation.wording import filled, on_record
from foundation.work_items import settling
from households.consents.models import Consent
from households.register.events import missing_for_closing, on_death, on_withdrawal
from households.register.models import Household, Person
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.matters.states import MatterStatus
from referrals.needs import triage
from referrals.needs.models import Need
from referrals.needs.states import NeedStatus
from referrals.offers import offering
from referrals.offers.models import Referral
from referrals.offers.states import REFERRAL, ReferralStatus
from referrals.requests import requesting
from referrals.requests.states import RequestStatus
from referrals.service import closing, delivery

#: Rule: the days after a death in which visits made before it may be entered.
AFTER_DEATH = "delivery.after_death"


@missing_for_closing.register
def open_matters(households: Sequence[Household]) -> dict[int, Refused]:
    """Why households are not closed: the oldest open matter of each."""
    open_ones = Matter.objects.filter(household__in=households, status__in=MatterStatus.unfinished())
    words = gettext_lazy("事项 %(number)s 还没有办结，不能注销。")
    numbers = open_ones.order_by("-pk").values_list("household_id", "number")
    return {pk: Refused(filled(words, number=number), rule="S22") for pk, number in numbers}


@on_withdrawal.register
def end_under_consent(consent: Consent, by: Actor) -> None:
    """Withdraw offers under the consent, end services, erase contact data (PIPL 15, 47).

    Help that law owes goes on: needs at bodies are not changed.
    """
    told = gettext_lazy("家庭撤回了同意，请停止使用并删除已收到的信息。")
    reason = on_record(told)
    for referral in Referral.objects.filter(consent=consent).select_related("request_for_offers", "need"):
        if referral.asked:
            offering.withdraw(referral, by=by.as_system(), reason=reason)
        elif referral.served:
            delivery.end_early(referral, by=by.as_system(), reason=reason)
        elif not referral.holds_data:
            continue
        fresh = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
        closing.erase(fresh)
        fresh.save(update_fields=["contact_name", "contact_phone", "contact_address"])
        settling.touch(fresh)
        notices.send(fresh, Role.COORDINATOR, notices.about(fresh, told))


@REFERRAL.transition("end_with_death")
def end_referral(referral: Referral, *, by: Actor, died_on: date | None = None) -> None:
    """End a referral after a death: visits that were made stay and are paid; the rest is released, nobody is
    asked.

    Visits made before the death may be entered for some more days, also where the service was over; none of a
    day after it.
    """
    served = referral.served
    if served or referral.takes_late_visits:
        days = int(reading.current(AFTER_DEATH).value["days"])
        referral.last_visits_until = moments.today() + timedelta(days=days)
    if referral.holds_data:
        referral.died_on = died_on
    if served:
        closing.release(referral)
        closing.write_help(referral)
    closing.erase(referral)


@on_death.register
def close_after_death(household: Household, person: Person, by: Actor) -> None:
    """Close what was open for the person who died; everything, where nobody is left in the household."""
    alone = not household.members.filter(valid_to=None).exists()
    needs = Need.objects.filter(matter__household=household, status__in=NeedStatus.unfinished())
    if not alone:
        needs = needs.filter(person=person)
    matters = set()
    system = by.as_system()
    for need in needs.select_related("matter"):
        for request in need.requests_for_offers.filter(status__in=RequestStatus.unfinished()):
            requesting.end_with_death(request, by=system)
        open_ones = need.referrals.filter(status__in=ReferralStatus.in_phase(ASKED, SERVING, ANSWERING))
        for referral in open_ones.order_by("pk"):
            end_referral(referral, by=system, died_on=person.died_on)
        triage.end_with_death(need, by=system)
        matters.add(need.matter_id)
    for matter in Matter.objects.filter(household=household, status__in=MatterStatus.unfinished()):
        left = matter.needs.filter(status__in=NeedStatus.unfinished()).exists()
        if not left and (alone or matter.pk in matters):
            intake.end_with_death(matter, by=system)
