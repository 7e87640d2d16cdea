"""What is open for a household follows it: where it lives, who lives there, who may look, and which window has it.

After each test of this folder the work items are compared with what their objects give (``tests/conftest.py``).
"""

from __future__ import annotations

import pytest

from foundation import moments
from foundation.roles import VILLAGE, Actor
from foundation.work_items.models import WorkItem
from households.consents import giving
from households.corrections import correcting
from households.joining import joining
from households.register import members
from households.register.models import Household
from households.relocations import moving
from organizations.places.models import Place
from referrals.handovers import handing_over
from referrals.matters import intake
from referrals.needs import triage
from referrals.service import delivery
from tests import factories
from tests.following import stale_items


def shown_to(actor: Actor) -> set[tuple[str, int]]:
    """What the actor's work items are about."""
    return set(WorkItem.objects.addressed_to(actor).values_list("lifecycle", "object_id"))


def key(obj) -> tuple[str, int]:
    return obj._meta.label, obj.pk


def titles(obj) -> set[str]:
    found = WorkItem.objects.filter(lifecycle=obj._meta.label, object_id=obj.pk)
    return {item.title["zh-hans"] for item in found}


def whose(obj) -> set[str]:
    found = WorkItem.objects.filter(lifecycle=obj._meta.label, object_id=obj.pk)
    return {item.whose["zh-hans"] for item in found}


@pytest.fixture
def reported(matter):
    """A second request for help of the household, which waits at the window."""
    return intake.apply(by=factories.account_of(matter.household), needs=["care"], story="再求助")


def with_spouse(household, window):
    """Somebody who lives in the household besides its head."""
    members.add_member(
        household, by=window, name="李妻", id_number=factories.new_id_number(), relation="spouse"
    )
    return household.members.get(relation="spouse")


def test_a_case_that_is_handed_over_is_shown_to_the_new_window_alone(window, who):
    referral = factories.ReferralInService()
    case = (referral.need.matter, referral.need, referral)
    handover = handing_over.propose(
        by=window, matter=referral.need.matter, town=Place.objects.get(name="华士镇"), why="家庭迁走"
    )
    handing_over.accept(handover, by=who("chuangkou2"))
    before, now = shown_to(window), shown_to(who("chuangkou2"))
    assert not before & {key(obj) for obj in case}
    assert now >= {key(referral.need), key(referral)}


def test_a_household_that_was_registered_for_a_report_goes_with_it(who, window):
    place = Place.objects.get(name="虹桥社区")
    reported = intake.report(
        by=who("wangge"), name="李小红", category="minimum_living", size=2, story="困难", id_number=""
    )
    assert reported.household.place == place
    town = Place.objects.get(name="华士镇")
    handover = handing_over.propose(by=window, matter=reported, town=town, why="住在华士")
    handing_over.accept(handover, by=who("chuangkou2"))
    assert key(reported) in shown_to(who("chuangkou2"))
    assert key(reported) not in shown_to(window)


def test_the_need_of_somebody_who_has_left_is_not_shown_to_those_who_stayed(matter, window):
    household = matter.household
    account = factories.account_of(household)
    spouse = with_spouse(household, window)
    need = triage.add(by=window, matter=matter, kind="women_children", text="家暴", person=spouse.person)
    need = triage.transfer(need, by=window, body=triage.propose(need.kind).body)
    assert key(need) in shown_to(account)
    members.end_membership(household, by=window, member=spouse, left_for="moved", on=moments.today())
    assert key(need) not in shown_to(account)
    members.add_member(
        household, by=window, name="李妻", id_number=spouse.person.id_number.plain(), relation="spouse"
    )
    assert key(need) in shown_to(account)


def test_a_move_within_the_town_is_shown_at_once_and_another_village_watches(matter, reported, window):
    household = matter.household
    other = Place.objects.filter(parent=matter.town, kind="village").exclude(pk=household.place_id)[0]
    assert not any(other.name in title for title in titles(reported))
    moving.move_house(household, by=window, place=other, address="新路 2 号")
    assert all(other.name in title for title in titles(reported))
    items = WorkItem.objects.filter(lifecycle=reported._meta.label, object_id=reported.pk)
    assert {item.place_id for item in items if item.role in VILLAGE} == {other.pk}


def test_a_hand_over_that_waits_tells_where_the_household_lives_now(matter, window):
    town = factories.town("月城镇")
    handover = handing_over.propose(by=window, matter=matter, town=town, why="家庭迁走")
    other = Place.objects.filter(parent=matter.town, kind="village").exclude(pk=matter.household.place_id)[0]
    moving.move_house(matter.household, by=window, place=other, address="新路 2 号")
    assert whose(handover) == {str(other)}


def test_a_household_that_another_town_takes_over_is_shown_with_its_new_village(
    matter, reported, window, who
):
    place = Place.objects.get(name="华士社区")
    relocation = moving.propose(by=window, household=matter.household, place=place, address="村东 1 号")
    moving.accept(relocation, by=who("chuangkou2"))
    assert all(place.name in title for title in titles(reported))


def test_a_name_that_changes_at_the_window_changes_what_waits_about_the_person(matter, window, who):
    household, head = matter.household, matter.household.head.person
    number = head.id_number.plain()
    correction = correcting.propose(
        by=window, household=household, person=head, id_number=factories.new_id_number(), why="核对原件"
    )
    before = whose(correction)
    reported = intake.report(
        by=who("wangge"), name="李小红", id_number=number, category="minimum_living", size=2, story="困难"
    )
    intake.accept(
        reported,
        by=window,
        needs=["care"],
        id_number=number,
        name="李小红",
        difference_name="take",
        differences="take",
        difference_phone="keep",
        difference_address="keep",
        why="看了证件",
    )
    head.refresh_from_db()
    assert whose(correction) == {str(head)} != before


def test_a_hand_over_follows_the_household_that_the_report_was_joined_to(matter, window, who):
    head = matter.household.head.person
    number, name = head.id_number.plain(), head.name.plain()
    reported = intake.report(
        by=who("wangge"), name=name, id_number=number, category="minimum_living", size=2, story="困难"
    )
    town = Place.objects.get(name="华士镇")
    handover = handing_over.propose(by=window, matter=reported, town=town, why="住在华士")
    intake.accept(reported, by=window, needs=["care"], id_number=number, differences="keep")
    assert whose(handover) == {str(matter.household.place)}


def test_a_provider_keeps_no_name_of_a_household_that_withdrew_after_the_service(who):
    referral = factories.ReferralInService()
    delivery.complete(referral, by=factories.worker_of(referral), outcome="好转", goal_level=1)
    assert whose(referral) == {str(referral.contact_name)}
    household = referral.need.matter.household
    giving.withdraw_consent(household, by=factories.window_of(referral.town), consent=referral.consent)
    assert whose(referral) == {""}


def test_a_second_home_that_is_confirmed_shows_what_is_open_there(matter, window, who):
    """Somebody who left, with a need of their own, comes back as a second home."""
    household = matter.household
    account = factories.account_of(household)
    spouse = with_spouse(household, window)
    need = triage.add(by=window, matter=matter, kind="women_children", text="家暴", person=spouse.person)
    need = triage.transfer(need, by=window, body=triage.propose(need.kind).body)
    members.end_membership(household, by=window, member=spouse, left_for="moved", on=moments.today())
    there = factories.AcceptedMatter(place=Place.objects.get(name="华士社区")).household
    number = spouse.person.id_number.plain()
    members.add_member(
        there, by=who("chuangkou2"), name="李妻", id_number=number, relation="other", why="庇护安置"
    )
    members.add_member(
        household, by=window, name="李妻", id_number=number, relation="spouse", counts=False, why="轮住"
    )
    assert key(need) not in shown_to(account)
    joining.accept(household.joinings.get(), by=who("chuangkou2"))
    assert key(need) in shown_to(account)


def test_a_change_that_no_item_was_told_of_is_found_after_a_test(matter):
    Household.objects.filter(pk=matter.household_id).update(place=Place.objects.get(name="华士社区"))
    need = matter.needs.get()
    assert any(found.startswith(f"referrals.Need {need.pk}: ~") for found in stale_items())
    assert stale_items() == []
