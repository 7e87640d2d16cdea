"""Two connections that act at the same time on one object, or on an object and what it stands on, leave the
work items right.

Each test has a database of its own, whose items are compared with the objects afterwards (``tests/conftest.py``).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from demo.starter.places_and_people import actor
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock, PauseCause
from foundation.work_items.models import WorkItem
from households.corrections import correcting
from households.register.models import Household
from households.relocations import moving
from organizations.places.models import Place
from referrals.complaints import complaining
from referrals.handovers import handing_over
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.needs import triage
from referrals.offers import offering
from tests import factories
from tests.following import stale_items
from tests.interleaving import Pair, every_meeting
from tests.racing import at_once

#: Seconds until somebody waits for a lock.
PATIENCE = 20.0


def in_another_connection(act: Callable[[], Any]) -> threading.Thread:
    """Begin an act in a thread of its own; gives it back once it waits for a lock that this connection holds."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    end = time.monotonic() + PATIENCE
    while not _somebody_waits():
        assert thread.is_alive()
        assert time.monotonic() < end
        time.sleep(0.01)
    return thread


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock')"
        )
        return cursor.fetchone()[0]


def another_village(place: Place) -> Place:
    return Place.objects.filter(parent=place.town, kind="village").exclude(pk=place.pk)[0]


def test_what_waited_for_a_move_is_written_with_the_new_village(own_database):
    need = factories.OpenNeed()
    household = need.matter.household
    window, other = factories.window_of(household.town), another_village(household.place)
    clock = Clock.objects.filter(lifecycle=need._meta.label, object_id=need.pk, stopped_at=None)[0]

    def pause() -> None:
        clocks.pause(clock, by=actor("minzheng"), cause=PauseCause.HOUSEHOLD_AWAY, reason="住院")

    with transaction.atomic():
        moving.move_house(household, by=window, place=other, address="新路 2 号")
        thread = in_another_connection(pause)
    thread.join(PATIENCE)
    items = WorkItem.objects.filter(lifecycle=need._meta.label, object_id=need.pk)
    assert all(item.paused and other.name in item.title["zh-hans"] for item in items)
    assert stale_items() == []


def test_of_two_who_act_on_one_referral_the_items_are_those_of_the_one_who_was_first(own_database):
    referral = factories.OfferedReferral()
    coordinator = factories.member_of(referral.provider)
    at_once(
        [
            lambda: offering.accept(referral, by=coordinator),
            lambda: offering.decline(referral, by=coordinator, reason="full"),
        ]
    )
    assert stale_items() == []


def moving_house(household: Household) -> Callable[[], Any]:
    """The household moves to another village of the town."""
    window, place = factories.window_of(household.town), another_village(household.place)
    return lambda: moving.move_house(household, by=window, place=place, address="新路 2 号")


@pytest.mark.parametrize("turned", [False, True])
def test_a_need_goes_to_a_body_while_its_household_moves(own_database, turned):
    """Whichever of the two is first, and wherever it stands when the other comes."""

    def make() -> Pair:
        need = factories.OpenNeed()
        window, body = factories.window_of(need.matter.town), triage.propose(need.kind).body
        pair = lambda: triage.transfer(need, by=window, body=body), moving_house(need.matter.household)
        return (pair[1], pair[0]) if turned else pair

    for _steps in every_meeting(make):
        assert stale_items() == []


def test_a_matter_that_begins_while_its_household_moves_goes_to_the_window_that_has_it_then(own_database):
    household = factories.AcceptedMatter().household
    window, place = factories.window_of(household.town), Place.objects.get(name="华士社区")
    relocation = moving.propose(by=window, household=household, place=place, address="村东 1 号")
    account = factories.account_of(household)
    begun: list[Matter] = []

    def apply() -> None:
        begun.append(intake.apply(by=account, needs=["care"], story="又病了"))

    with transaction.atomic():
        moving.accept(relocation, by=actor("chuangkou2"))
        thread = in_another_connection(apply)
    thread.join(PATIENCE)
    assert (begun[0].town, begun[0].window.place) == (place.town, place.town)


def a_need(matter: Matter) -> Callable[[], Any]:
    return lambda: triage.add(by=factories.window_of(matter.town), matter=matter, kind="living")


def a_hand_over(matter: Matter) -> Callable[[], Any]:
    by, town = factories.window_of(matter.town), factories.town("月城镇")
    return lambda: handing_over.propose(by=by, matter=matter, town=town, why="家庭迁走")


def a_correction(matter: Matter) -> Callable[[], Any]:
    by, person, number = (
        factories.window_of(matter.town),
        matter.household.head.person,
        factories.new_id_number(),
    )
    return lambda: correcting.propose(
        by=by, household=matter.household, person=person, id_number=number, why="录入时错了一位"
    )


def a_complaint(matter: Matter) -> Callable[[], Any]:
    by = factories.account_of(matter.household)
    return lambda: complaining.file(by=by, about="window", text="等了一个月")


@pytest.mark.parametrize("beginning", [a_need, a_hand_over, a_correction, a_complaint])
def test_what_begins_while_its_household_moves_is_shown_where_it_lives_then(own_database, beginning):
    def make() -> Pair:
        matter = factories.AcceptedMatter()
        begin = beginning(matter)
        return moving_house(matter.household), begin

    for _steps in every_meeting(make):
        assert stale_items() == []
