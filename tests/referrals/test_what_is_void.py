"""What waited for another window's word is void when there is nothing left to be taken over, and may be taken back."""

from __future__ import annotations

import pytest

from foundation import moments
from foundation.refusals import NotNow, NotYours
from foundation.work_items.models import WorkItem
from households.corrections import correcting
from households.joining import joining
from households.register import members, registration
from households.relocations import moving
from organizations.places.models import Place
from referrals.handovers import handing_over
from tests import factories
from tests.households.members import asked_to_join


def last_member(household):
    return household.members.filter(valid_to=None).order_by("-pk")[0]


def dies(member, window):
    members.record_death(member.household, by=window, member=member, on=moments.today())


def waits(obj) -> bool:
    return WorkItem.objects.filter(lifecycle=obj._meta.label, object_id=obj.pk, waits=True).exists()


def is_void(obj) -> bool:
    obj.refresh_from_db()
    return obj.status == "lapsed" and not waits(obj)


@pytest.fixture
def handover(matter, window):
    return handing_over.propose(by=window, matter=matter, town=factories.town("华士镇"), why="家庭迁走")


@pytest.fixture
def relocation(matter, window):
    place = Place.objects.get(name="华士社区")
    return moving.propose(by=window, household=matter.household, place=place, address="村东 1 号")


def test_with_a_matter_that_ends_its_hand_over_is_void(matter, window, handover, who):
    dies(last_member(matter.household), window)
    matter.refresh_from_db()
    assert matter.over and is_void(handover)
    with pytest.raises(NotNow):
        handing_over.accept(handover, by=who("chuangkou2"))


def test_with_a_household_that_is_closed_its_relocation_is_void(matter, window, relocation, who):
    dies(last_member(matter.household), window)
    relocation.refresh_from_db()
    assert waits(relocation)
    registration.close(matter.household, by=window, reason="无人在世")
    assert is_void(relocation)
    with pytest.raises(NotNow):
        moving.accept(relocation, by=who("chuangkou2"))


@pytest.mark.parametrize("how", ["leaves", "dies"])
def test_a_correction_is_void_with_the_membership_of_its_person_and_no_other(matter, window, how):
    household = matter.household
    members.add_member(
        household, by=window, name="李四", id_number=factories.new_id_number(), relation="spouse"
    )
    gone, stays = last_member(household), household.members.get(relation="head")
    waiting = {
        member: correcting.propose(
            by=window,
            household=household,
            person=member.person,
            id_number=factories.new_id_number(),
            why="登记时抄错",
        )
        for member in (gone, stays)
    }
    if how == "dies":
        dies(gone, window)
    else:
        members.end_membership(
            household, by=window, member=gone, left_for="moved", on=moments.today(), phone_stays=True
        )
    assert is_void(waiting[gone])
    assert waits(waiting[stays])


@pytest.fixture
def second_home(matter):
    """The question whether somebody who counts in another town also lives in the household of ``matter``."""
    there = factories.AcceptedMatter(place=Place.objects.get(name="华士社区"))
    return asked_to_join(matter.household, there.household)


def test_a_second_home_is_void_when_the_person_leaves_the_first(second_home, who):
    assert waits(second_home)
    dies(last_member(second_home.home), who("chuangkou2"))
    assert is_void(second_home)


def test_who_proposed_takes_it_back_and_may_propose_anew(matter, window, handover, relocation, who):
    with pytest.raises(NotYours):
        handing_over.take_back(handover, by=who("chuangkou2"))
    for proposed, take_back in ((handover, handing_over.take_back), (relocation, moving.take_back)):
        take_back(proposed, by=window)
        assert not waits(proposed)
    again = handing_over.propose(by=window, matter=matter, town=factories.town("月城镇"), why="另有窗口")
    assert waits(again)


def test_a_question_about_a_second_home_is_taken_back_by_the_window_that_asks(second_home, window, who):
    with pytest.raises(NotYours):
        joining.take_back(second_home, by=who("chuangkou2"))
    joining.take_back(second_home, by=window)
    assert not waits(second_home)
