"""Two windows at the same moment, about households that one of them asks the other for: none is undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from households.joining import joining
from households.register import registration
from households.register.models import Household
from households.relocations import moving
from households.relocations.models import Relocation
from organizations.places.models import Place
from tests.households.windows import AT_HOME, NEXT_TOWN, asked_for_the_head_of, registered, window_at
from tests.interleaving import Pair, deadlocks, every_meeting

pytestmark = pytest.mark.slow


def to_be_moved(household: Household) -> Relocation:
    place = Place.objects.get(name=NEXT_TOWN)
    return moving.propose(by=window_at(AT_HOME), household=household, place=place, address="村东 1 号")


def closing(household: Household, place: str) -> Callable[[], Any]:
    by = window_at(place)
    return lambda: registration.close(household, by=by, reason="离开本市")


def updating(household: Household) -> Callable[[], Any]:
    by = window_at(AT_HOME)
    return lambda: registration.update(household, by=by, category="low_income", size=3)


def moved_while_closed() -> Pair:
    household, there = registered(AT_HOME), window_at(NEXT_TOWN)
    relocation = to_be_moved(household)
    return lambda: moving.accept(relocation, by=there), closing(household, AT_HOME)


def moved_while_updated() -> Pair:
    household, there = registered(AT_HOME), window_at(NEXT_TOWN)
    relocation = to_be_moved(household)
    return lambda: moving.accept(relocation, by=there), updating(household)


def joined_while_closed() -> Pair:
    household, there = registered(AT_HOME), window_at(NEXT_TOWN)
    asked = asked_for_the_head_of(registered(NEXT_TOWN), household)
    return lambda: joining.accept(asked, by=there), closing(household, AT_HOME)


def joined_while_updated() -> Pair:
    household, there = registered(AT_HOME), window_at(NEXT_TOWN)
    asked = asked_for_the_head_of(registered(NEXT_TOWN), household)
    return lambda: joining.accept(asked, by=there), updating(household)


def joined_while_the_home_is_closed() -> Pair:
    household, home, there = registered(AT_HOME), registered(NEXT_TOWN), window_at(NEXT_TOWN)
    asked = asked_for_the_head_of(home, household)
    return lambda: joining.accept(asked, by=there), closing(home, NEXT_TOWN)


def joined_while_a_move_is_proposed() -> Pair:
    household, there = registered(AT_HOME), window_at(NEXT_TOWN)
    asked = asked_for_the_head_of(registered(NEXT_TOWN), household)
    return lambda: joining.accept(asked, by=there), lambda: to_be_moved(household)


def two_answers_about_one_household() -> Pair:
    household, there = registered(AT_HOME), window_at(NEXT_TOWN)
    first, second = (asked_for_the_head_of(registered(NEXT_TOWN), household) for _ in range(2))
    return (
        lambda: joining.decline(second, by=there, reason="本人不同意"),
        lambda: joining.decline(first, by=there, reason="本人不同意"),
    )


@pytest.mark.parametrize(
    "meeting",
    [
        moved_while_closed,
        moved_while_updated,
        joined_while_closed,
        joined_while_updated,
        joined_while_the_home_is_closed,
        joined_while_a_move_is_proposed,
        two_answers_about_one_household,
    ],
)
def test_two_windows_never_undo_each_other_however_they_meet(own_database, meeting):
    before = deadlocks()
    met = list(every_meeting(meeting))
    assert len(met) > 3
    assert deadlocks() == before


def test_who_closes_a_household_finds_what_was_answered_meanwhile(own_database):
    """However the two meet, the home is closed, and the answer stands or is void."""
    pairs = []

    def meeting() -> Pair:
        household, home, there = registered(AT_HOME), registered(NEXT_TOWN), window_at(NEXT_TOWN)
        asked = asked_for_the_head_of(home, household)
        pairs.append((home, asked))
        return lambda: joining.accept(asked, by=there), closing(home, NEXT_TOWN)

    list(every_meeting(meeting))
    for home, asked in pairs:
        home.refresh_from_db()
        asked.refresh_from_db()
        assert (home.status, asked.status) in {("closed", "accepted"), ("closed", "lapsed")}
