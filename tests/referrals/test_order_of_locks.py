"""Acts that need the same rows lock them in one order: none is ever undone for the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F

from demo.starter import places_and_people
from foundation import moments
from foundation.roles import Actor, Role
from households.register import members
from households.register.models import Household
from organizations.people.models import Membership
from referrals.answers import answering
from referrals.complaints import complaining
from referrals.complaints.models import Complaint
from referrals.handovers import handing_over as handovers_handing_over
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.needs import triage
from referrals.needs.models import Need
from referrals.offers import offering
from referrals.offers.models import Referral
from referrals.service import delivery
from tests import factories
from tests.interleaving import Pair, deadlocks, every_meeting


def what_a_hand_over_left_behind() -> list[Any]:
    """What is of a case, and of another town than its matter."""
    return [
        *Need.objects.exclude(town=F("matter__town")),
        *Referral.objects.exclude(town=F("need__matter__town")),
        *Complaint.objects.exclude(town=F("need__matter__town")),
    ]


def handing_over(matter: Matter) -> Callable[[], Any]:
    """Another window takes the matter over, with all that is open in it."""
    by = factories.window_of(matter.town)
    town = factories.town("月城镇")
    handover = handovers_handing_over.propose(by=by, matter=matter, town=town, why="家庭迁走")
    return lambda: handovers_handing_over.accept(handover, by=factories.window_of(town))


def reported() -> Matter:
    """A matter of a household whose documents no window has seen."""
    return intake.report(
        by=places_and_people.actor("wangge"),
        name="李小红",
        category="minimum_living",
        size=2,
        story="困难",
        id_number="",
    )


def dying(household: Household, window: Actor) -> Callable[[], Any]:
    """The only one of a household is entered as dead: all that is open there is closed."""
    return lambda: members.record_death(household, by=window, member=household.head, on=moments.today())


def handler_of(need: Need) -> Actor:
    """Somebody of the body that the need was transferred to."""
    return Membership.objects.get(organization=need.body, role=Role.HANDLER).actor()


def papers_are_asked_for() -> Pair:
    need = factories.TransferredNeed()
    handler = handler_of(need)
    need = triage.take_up(need, by=handler)
    return (lambda: triage.ask_papers(need, by=handler, papers="户口簿"), handing_over(need.matter))


def a_provider_accepts() -> Pair:
    referral = factories.OfferedReferral()
    by = factories.member_of(referral.provider)
    return lambda: offering.accept(referral, by=by), handing_over(referral.need.matter)


def a_service_is_answered() -> Pair:
    referral = factories.ReferralInService()
    worker = factories.member_of(referral.provider, "social_worker")
    referral = delivery.complete(referral, by=worker, outcome="好转", goal_level=4)
    return (
        lambda: answering.feed_back_service(
            referral, by=factories.member_of(referral.provider), words="好转"
        ),
        handing_over(referral.need.matter),
    )


def a_reported_matter_is_accepted() -> Pair:
    matter = factories.AcceptedMatter()
    household, window = matter.household, factories.window_of(matter.town)
    again = intake.apply(
        by=factories.account_of(household), needs=["care"], story="又病了", household=household
    )
    return lambda: intake.accept(again, by=window, needs=["care"]), dying(household, window)


def help_is_granted() -> Pair:
    need = factories.TransferredNeed()
    handler = handler_of(need)
    need = triage.take_up(need, by=handler)
    window = factories.window_of(need.matter.town)
    return (
        lambda: triage.grant(need, by=handler, result="医疗救助", amount=500),
        dying(need.matter.household, window),
    )


def the_last_need_is_closed() -> Pair:
    """With it the matter ends, and the hand-over that waits."""
    need = factories.TransferredNeed()
    window, handler = factories.window_of(need.town), handler_of(need)
    need = triage.grant(triage.take_up(need, by=handler), by=handler, result="医疗救助", amount=500)
    need = answering.feed_back(need, by=handler, words="已经发放")
    return lambda: answering.close(need, by=window, not_reached="三次没有人接"), handing_over(need.matter)


def policy_is_explained() -> Pair:
    """A matter of a household that was registered for it ends, which the hand-over would have moved."""
    matter = reported()
    return (
        lambda: intake.explain(matter, by=factories.window_of(matter.town), reason="不符合条件"),
        handing_over(matter),
    )


def somebody_dies() -> Pair:
    matter = factories.AcceptedMatter()
    take_over = handing_over(matter)
    return dying(matter.household, factories.window_of(matter.town)), take_over


def a_matter_is_accepted_that_is_to_be_handed_over() -> Pair:
    matter = reported()
    by, town, number = factories.window_of(matter.town), factories.town("月城镇"), factories.new_id_number()
    return (
        lambda: intake.accept(matter, by=by, needs=["care"], id_number=number),
        lambda: handovers_handing_over.propose(by=by, matter=matter, town=town, why="家庭迁走"),
    )


def a_household_complains() -> Pair:
    need = factories.TransferredNeed()
    by = factories.account_of(need.matter.household)
    return lambda: complaining.file(by=by, about="body", text="等了一个月", need=need), handing_over(
        need.matter
    )


def another_need_is_added() -> Pair:
    matter = factories.AcceptedMatter()
    by = factories.window_of(matter.town)
    return lambda: triage.add(by=by, matter=matter, kind="living"), handing_over(matter)


@pytest.mark.slow
@pytest.mark.parametrize(
    "meeting",
    [
        papers_are_asked_for,
        a_provider_accepts,
        a_service_is_answered,
        a_reported_matter_is_accepted,
        help_is_granted,
        the_last_need_is_closed,
        policy_is_explained,
        somebody_dies,
        a_matter_is_accepted_that_is_to_be_handed_over,
        a_household_complains,
        another_need_is_added,
    ],
)
def test_two_acts_never_undo_each_other_however_they_meet(own_database, meeting):
    before = deadlocks()
    met = list(every_meeting(meeting))
    assert len(met) > 3
    assert deadlocks() == before
    assert not what_a_hand_over_left_behind()
