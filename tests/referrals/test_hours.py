"""The hours of visits: none that have not come, and nobody in two homes at once, through every door."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.test import Client

from foundation import moments
from foundation.refusals import Invalid
from foundation.roles import Role
from organizations.people.models import Membership, User
from referrals.offers import offering
from referrals.offers.models import Referral
from referrals.service import delivery
from referrals.service.models import Visit
from tests import factories

NINE, TEN, ELEVEN, NOON = time(9), time(10), time(11), time(12)


@pytest.fixture
def at_three():
    """Three in the afternoon of a day after the cases were accepted."""
    at = datetime.combine(moments.today() + timedelta(days=3), time(15), moments.SHANGHAI)
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def two(at_three):
    """Two cases of one worker, at home."""
    first = factories.ReferralInService(units=6)
    offer = first.offer
    asked = factories.OfferedReferral(offer=offer, units=6)
    held = Membership.objects.get(organization=first.provider.organization, role=Role.SOCIAL_WORKER)
    taken = offering.accept(asked, by=factories.member_of(first.provider), worker=held)
    return first, delivery.plan(taken, by=factories.worker_of(taken), plan_text="每周一次")


def visit(referral, began_at=None, ended_at=None, by=None, **given):
    given = {"on": moments.today(), "units": 1, "note": "x", **given}
    referral = Referral.objects.get(pk=referral.pk)
    return delivery.record_visit(
        referral, by=by or factories.worker_of(referral), began_at=began_at, ended_at=ended_at, **given
    )


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        ((time(16), time(17)), "began_at"),
        ((time(14), time(15, 30)), "ended_at"),
        ((None, time(23, 59)), "ended_at"),
        ((time(15, 1), None), "began_at"),
    ],
)
def test_hours_that_have_not_come_are_refused_at_their_field(two, hours, field):
    with pytest.raises(Invalid) as refusal:
        visit(two[0], *hours)
    assert field in refusal.value.fields
    visit(two[0], time(14), time(15))


def test_the_same_hours_of_yesterday_are_no_future(two):
    with moments.as_of(moments.now() + timedelta(days=1)):
        visit(two[0], time(22), time(23), on=moments.today() - timedelta(days=1))


@pytest.mark.parametrize(
    "hours",
    [
        (NINE, NOON),
        (TEN, ELEVEN),
        (time(10, 30), NOON),
        (NINE, time(10, 1)),
        (TEN, None),
        (None, ELEVEN),
        (time(10, 59), None),
    ],
)
@pytest.mark.parametrize("who", ["worker", "coordinator"])
def test_one_worker_is_not_in_two_homes_at_once_and_reads_which_visit_it_is(two, hours, who):
    visit(two[0], TEN, ELEVEN)
    by = factories.worker_of(two[1]) if who == "worker" else factories.member_of(two[1].provider)
    with pytest.raises(Invalid) as refusal:
        visit(two[1], *hours, by=by)
    words = " ".join(refusal.value.fields.values())
    assert two[0].number in words
    assert "10:00" in words and "11:00" in words
    assert not Visit.objects.filter(referral=two[1]).exists()


@pytest.mark.parametrize("hours", [(NINE, TEN), (ELEVEN, NOON), (None, TEN), (ELEVEN, None), (None, None)])
def test_one_after_another_is_possible(two, hours):
    visit(two[0], TEN, ELEVEN)
    visit(two[1], *hours)


def test_the_same_visit_is_not_told_twice_with_its_hours(two):
    visit(two[0], TEN, ELEVEN)
    with pytest.raises(Invalid):
        visit(two[0], TEN, ELEVEN)


def test_a_group_meets_at_one_place(two):
    visit(two[0], TEN, ELEVEN, venue="agency")
    visit(two[1], TEN, ELEVEN, venue="agency")
    with pytest.raises(Invalid):
        visit(two[1], TEN, ELEVEN, venue="home")


def test_another_worker_may_be_elsewhere_at_the_same_hours(two):
    other = factories.PersonOf(role=Role.SOCIAL_WORKER, role__organization=two[0].provider.organization)
    Referral.objects.filter(pk=two[1].pk).update(worker=other)
    visit(two[0], TEN, ELEVEN)
    visit(two[1], TEN, ELEVEN, by=other.memberships.get().actor())


def test_late_visits_are_held_to_the_same(two):
    visit(two[0], TEN, ELEVEN)
    delivery.end_early(two[1], by=factories.window_of(two[1].town), reason="搬走")
    left = Referral.objects.get(pk=two[1].pk)
    with pytest.raises(Invalid):
        delivery.record_late_visit(
            left,
            by=factories.worker_of(left),
            on=moments.today(),
            units=1,
            note="x",
            began_at=TEN,
            ended_at=NOON,
        )


def test_page_queue_and_api_say_it_at_the_field(two):
    visit(two[0], TEN, ELEVEN)
    client = Client()
    user = User.objects.get(pk=factories.worker_of(two[1]).user_id)
    client.force_login(user)
    given = {
        "on": moments.today().isoformat(),
        "units": "1",
        "note": "x",
        "began_at": "10:00",
        "ended_at": "11:00",
        "venue": "home",
    }
    address = f"{two[1].get_absolute_url()}record-visit/"
    page = client.get(address)
    assert page.status_code == 200, address
    answer = client.post(address, {**given, "key": "a1"})
    assert answer.status_code == 422
    assert two[0].number in answer.content.decode()
    queued = client.post(address, {**given, "key": "a2"}, headers={"X-Answer": "json"})
    assert queued.status_code == 422
    assert queued.json()["fields"]
    api = client.post(
        f"/api/v1/referrals/{two[1].number}/record_visit", {**given, "units": 1}, "application/json"
    )
    assert api.status_code == 400
    assert two[0].number in " ".join(api.json()["errors"]["began_at"])
