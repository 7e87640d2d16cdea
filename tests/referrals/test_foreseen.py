"""An acceptance that would be refused is not offered, says why, and comes back once nothing is in its way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog.offers.models import Offer
from contracts.contracts.models import ContractLine
from foundation import moments
from foundation.lifecycle.table import SEE_TO
from foundation.refusals import Refused
from foundation.roles import Actor, Role
from foundation.work_items import rebuilding
from foundation.work_items.models import WorkItem
from foundation.work_items.steps import steps_of
from households.consents.models import Consent
from organizations.people.models import User
from organizations.providers import standing
from organizations.providers.models import Provider
from referrals.offers import offering
from tests import factories


@pytest.fixture
def offered():
    return factories.OfferedReferral()


@pytest.fixture
def coordinator(offered):
    return factories.coordinator_of(offered)


#: Somebody of civil affairs.
OFFICER = Actor(role=Role.CIVIL_AFFAIRS, user_id=1, name="周明")


def suspended(referral):
    standing.suspend(referral.provider, by=OFFICER, reason="核查中")


def run_out(referral):
    yesterday = moments.today() - timedelta(days=1)
    Provider.objects.filter(pk=referral.provider_id).update(accredited_until=yesterday)


def without_places(referral):
    Offer.objects.filter(pk=referral.offer_id).update(places=0, taken=0)


def without_week(referral):
    Offer.objects.filter(pk=referral.offer_id).update(weekly=referral.weekly - 1, booked=0)


def without_stock(referral):
    Offer.objects.filter(pk=referral.offer_id).update(stock=referral.units - 1)


def without_quota(referral):
    ContractLine.objects.filter(pk=referral.line_id).update(quota=referral.units - 1, reserved=0, used=0)


def before_the_line(referral):
    ContractLine.objects.filter(pk=referral.line_id).update(start_on=moments.today() + timedelta(days=1))


def consent_over(referral):
    Consent.objects.filter(pk=referral.consent_id).update(valid_to=moments.today() - timedelta(days=1))


WAYS = (
    suspended,
    run_out,
    without_places,
    without_week,
    without_stock,
    without_quota,
    before_the_line,
    consent_over,
)


def offered_steps(referral, actor):
    return {row.name for row in referral.transitions_for(actor)}


def step_in_the_worklist(referral, actor):
    items = list(
        WorkItem.objects.filter(lifecycle="referrals.Referral", object_id=referral.pk, role=actor.role)
    )
    return [step.name for step in steps_of(items).values() if step.name]


def test_an_acceptance_that_nothing_stops_is_offered(offered, coordinator):
    assert "accept" in offered_steps(offered, coordinator)
    assert step_in_the_worklist(offered, coordinator) == ["accept"]
    offering.accept(offered, by=coordinator)


@pytest.mark.parametrize("way", WAYS)
def test_what_would_be_refused_is_not_offered_and_says_why(way, offered, coordinator):
    way(offered)
    offered.refresh_from_db()
    fresh = type(offered).objects.get(pk=offered.pk)
    assert "accept" not in offered_steps(fresh, coordinator)
    assert "decline" in offered_steps(fresh, coordinator)
    ((row, words),) = fresh.lifecycle.lacking(fresh, coordinator)
    assert row.name == "accept"
    assert step_in_the_worklist(fresh, coordinator) == [SEE_TO]
    with pytest.raises(Refused) as refusal:
        offering.accept(fresh, by=coordinator)
    assert str(refusal.value.message) == words
    assert list(rebuilding.rebuild_those_of(fresh.lifecycle)) == []


def test_it_is_offered_again_once_there_is_room(offered, coordinator):
    without_places(offered)
    assert "accept" not in offered_steps(offered, coordinator)
    Offer.objects.filter(pk=offered.offer_id).update(places=1)
    assert "accept" in offered_steps(offered, coordinator)
    offering.accept(offered, by=coordinator)


def test_the_page_and_the_api_say_the_same(offered, coordinator, client):
    without_places(offered)
    client.force_login(User.objects.get(pk=coordinator.user_id))
    page = client.get(f"{offered.get_absolute_url()}accept/").content.decode()
    assert "名额已满" in page
    moves = client.get(f"/api/v1/referrals/{offered.number}").json()["moves"]
    assert "accept" not in moves
    assert "decline" in moves
