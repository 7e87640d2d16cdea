"""Whoever proposed something about a household hears the answer; whoever was asked, that it is asked no more."""

from __future__ import annotations

import pytest

from foundation.roles import Role
from households.corrections import correcting
from households.joining import joining
from households.relocations import moving
from organizations.places.models import Place
from tests import factories
from tests.hearing import told_last
from tests.households.asking import HERE, THERE, asked


@pytest.mark.parametrize(
    ("act", "by", "given", "told"),
    [
        ("accept", "chuangkou2", {}, "here"),
        ("decline", "chuangkou2", {"reason": "没有迁来"}, "here"),
        ("take_back", "chuangkou", {}, "there"),
    ],
)
def test_of_two_windows_the_other_one_hears_of_a_move(who, act, by, given, told):
    household, place = factories.AcceptedMatter().household, Place.objects.get(name="华士社区")
    towns = {"here": household.town_id, "there": place.town.pk}
    relocation = moving.propose(by=who("chuangkou"), household=household, place=place, address="村东 1 号")
    getattr(moving, act)(relocation, by=who(by), **given)
    assert told_last(relocation) == {(towns[told], None)}


@pytest.mark.parametrize(
    ("act", "by", "given", "told"),
    [
        ("accept", THERE, {}, "own"),
        ("decline", THERE, {"reason": "本人不同意"}, "own"),
        ("take_back", HERE, {}, "home"),
    ],
)
def test_of_two_windows_the_other_one_hears_of_a_second_home(
    api_of, home, own, number, who, act, by, given, told
):
    waiting = asked(api_of, home, own, number)
    getattr(joining, act)(waiting, by=who(by), **given)
    assert told_last(waiting) == {({"own": own, "home": home}[told].town_id, None)}


def test_whoever_proposed_a_correction_hears_the_answer_of_a_colleague(who):
    matter = factories.AcceptedMatter()
    window = factories.window_of(matter.town)
    colleague = factories.PersonOf(
        role=Role.WINDOW, role__organization_id=window.organization_id, role__place_id=window.place_id
    )
    correction = correcting.propose(
        by=window,
        household=matter.household,
        person=matter.household.head.person,
        id_number=factories.new_id_number(),
        why="核对原件",
    )
    correcting.confirm(correction, by=colleague.memberships.get().actor())
    told = told_last(correction)
    assert (window.place_id, window.user_id) in told
    assert (window.place_id, colleague.pk) not in told


def test_the_window_hears_the_answer_of_civil_affairs_to_a_correction(who):
    matter = factories.AcceptedMatter()
    correction = correcting.propose(
        by=factories.window_of(matter.town),
        household=matter.household,
        person=matter.household.head.person,
        id_number=factories.new_id_number(),
        why="核对原件",
    )
    correcting.reject(correction, by=who("minzheng"), reason="原件与登记一致")
    assert told_last(correction) == {(matter.town_id, None)}
