"""A second home is nothing until the window where the person counts has confirmed it."""

from __future__ import annotations

import pytest

from foundation import moments
from foundation.inbox.models import Notice
from foundation.refusals import NotNow, NotYours
from households.joining import joining
from households.joining.models import Joining
from households.register import members, registration
from tests import factories
from tests.households.asking import HERE, THERE, add, asked, reveal


def test_a_second_home_is_nothing_until_the_window_where_the_person_counts_confirms(
    api_of, home, own, number, who
):
    person, size = home.head.person, own.size
    waiting = asked(api_of, home, own, number)
    assert not own.members.filter(person=person).exists()
    assert reveal(api_of(HERE), person).status_code == 404
    told = Notice.objects.filter(lifecycle="households.Joining", object_id=waiting.pk)
    assert [each.place_id for each in told] == [home.town_id]
    with pytest.raises(NotYours):
        joining.accept(waiting, by=who(HERE))
    joining.accept(waiting, by=who(THERE))
    assert own.members.get(person=person).counts is False
    assert registration.household_of(person) == home
    own.refresh_from_db()
    assert own.size == size
    assert reveal(api_of(HERE), person).json()["value"] == "王小明"


def test_the_answer_and_the_timeline_say_that_the_other_window_is_asked_and_nobody_added(
    api_of, client_of, home, own, number
):
    client, asked_for = client_of(HERE), "已请此人所在窗口确认，确认前没有加入"
    typed = {"id_number": number, "name": "王小明", "relation": "other", "why": "两边轮流照料"}
    answer = client.post(f"/households/{own.number}/add-member/", typed, follow=True)
    page = answer.content.decode()
    assert page.count(asked_for) == 2  # the answer, and the line of the timeline
    assert "已办理：添加成员" not in page
    assert "添加了家庭成员" not in page
    told = add(api_of(HERE), own, factories.new_id_number(), counts=True, why="").json()
    assert told["otherwise"] == ""
    page = client.get(f"/households/{own.number}/").content.decode()
    assert page.count("添加了家庭成员") == 1


def test_the_api_says_the_same_again_to_a_repeated_key(api_of, home, own, number):
    body = {
        "id_number": number,
        "name": "王小明",
        "relation": "other",
        "counts": False,
        "why": "两边轮流照料",
    }
    for _ in range(2):
        answer = api_of(HERE).post(
            f"/api/v1/households/{own.number}/add_member",
            body,
            format="json",
            headers={"Idempotency-Key": "second-home-1"},
        )
        assert answer.json()["otherwise"] == "已请此人所在窗口确认，确认前没有加入"


def test_a_second_home_that_is_declined_leaves_nothing(api_of, home, own, number, who):
    waiting = asked(api_of, home, own, number)
    joining.decline(waiting, by=who(THERE), reason="本人不同意")
    assert own.members.count() == 1
    assert reveal(api_of(HERE), home.head.person).status_code == 404
    assert Notice.objects.filter(role="window", place_id=own.town_id, texts__icontains="没有确认")


def test_the_window_that_asks_does_not_learn_where_the_person_lives(
    api_of, client_of, home, own, number, who
):
    waiting = asked(api_of, home, own, number)
    for _ in ("proposed", "declined"):
        page = client_of(HERE).get(waiting.get_absolute_url()).content.decode()
        body = api_of(HERE).get(f"/api/v1/joinings/{waiting.pk}").content.decode()
        for secret in (home.town.name, home.number):
            assert secret not in page
            assert secret not in body
        if waiting.status == "proposed":
            waiting = joining.decline(waiting, by=who(THERE), reason="本人不同意")
    answer = add(api_of(HERE), own, number, counts=True)
    assert answer.status_code == 400
    assert home.town.name not in answer.content.decode()
    assert home.number not in answer.content.decode()


def test_a_second_home_needs_the_right_name_and_a_reason_and_nothing_more(api_of, home, own, number):
    api = api_of(HERE)
    assert "name" in add(api, own, number, name="x").json()["errors"]
    assert "why" in add(api, own, number, why="").json()["errors"]
    guardian = own.head.person.pk
    assert "guardian" in add(api, own, number, guardian=guardian).json()["errors"]
    assert "disability" in add(api, own, number, disability="severe").json()["errors"]
    assert add(api, own, number).status_code == 200
    assert "id_number" in add(api, own, number, why="再一次").json()["errors"]
    assert Joining.objects.filter(household=own).count() == 1


def test_a_confirmation_comes_too_late_once_the_person_has_left_or_died(api_of, home, own, number, who):
    waiting = asked(api_of, home, own, number)
    window = who(THERE)
    members.add_member(home, by=window, name="李四", id_number=factories.new_id_number(), relation="spouse")
    leaving = home.members.get(relation="head")
    members.end_membership(home, by=window, member=leaving, left_for="moved", on=moments.today())
    with pytest.raises(NotNow):
        joining.accept(waiting, by=window)


def test_within_one_town_a_second_home_is_entered_at_once(api_of, home, number):
    other = factories.AcceptedMatter().household
    assert add(api_of(THERE), other, number, why="").status_code == 200
    assert other.members.get(counts=False).person == home.head.person
