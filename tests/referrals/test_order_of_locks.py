"""Acts that need the same rows lock them in one order: none is ever undone for the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from foundation import moments
from foundation.roles import Actor, Role
from households.register import members
from households.register.models import Household
from organizations.people.models import Membership
from referrals.answers import answering
from referrals.handovers import handing_over as handovers_handing_over
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.needs import triage
from referrals.needs.models import Need
from referrals.offers import offering
from referrals.service import delivery
from tests import factories
from tests.interleaving import every_meeting

Pair = tuple[Callable[[], Any], Callable[[], Any]]


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def handing_over(matter: Matter) -> Callable[[], Any]:
    """Another window takes the matter over, with all that is open in it."""
    by = factories.window_of(matter.town)
    town = factories.town("月城镇")
    handover = handovers_handing_over.propose(by=by, matter=matter, town=town, why="家庭迁走")
    return lambda: handovers_handing_over.accept(handover, by=factories.window_of(town))


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


@pytest.mark.slow
@pytest.mark.parametrize(
    "meeting",
    [
        papers_are_asked_for,
        a_provider_accepts,
        a_service_is_answered,
        a_reported_matter_is_accepted,
        help_is_granted,
    ],
)
def test_two_acts_never_undo_each_other_however_they_meet(own_database, meeting):
    before = deadlocks()
    met = list(every_meeting(meeting))
    assert len(met) > 3
    assert deadlocks() == before
