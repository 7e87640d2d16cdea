"""Two windows at the same moment, about households that one of them asks the other for: none is undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from foundation.roles import Actor
from households.joining import joining
from households.joining.models import Joining
from households.register import members, registration
from households.register.models import Household
from households.register.registration import Applicant
from households.relocations import moving
from households.relocations.models import Relocation
from organizations.places.models import Place
from tests import factories
from tests.interleaving import every_meeting

pytestmark = pytest.mark.slow

Pair = tuple[Callable[[], Any], Callable[[], Any]]

HERE, THERE = "虹桥社区", "华士社区"


def window_at(place: str) -> Actor:
    return factories.window_of(Place.objects.get(name=place).town)


def registered(place: str) -> Household:
    """A household without a matter, so that it may be closed."""
    return registration.register(
        by=window_at(place),
        person=None,
        applicant=Applicant(name="王小明", id_number=factories.new_id_number()),
        place=Place.objects.get(name=place),
        category="low_income",
        size=2,
        monthly_income=None,
        language="mandarin",
    )


def asked_for_the_head_of(home: Household, household: Household) -> Joining:
    """Whether the head of a household there also lives in one here."""
    person = home.head.person
    members.add_member(
        household,
        by=window_at(HERE),
        name="王小明",
        id_number=person.id_number.plain(),
        relation="other",
        counts=False,
        why="轮流照料",
    )
    return Joining.objects.get(household=household, person=person)


def to_be_moved(household: Household) -> Relocation:
    place = Place.objects.get(name=THERE)
    return moving.propose(by=window_at(HERE), household=household, place=place, address="村东 1 号")


def closing(household: Household, place: str) -> Callable[[], Any]:
    by = window_at(place)
    return lambda: registration.close(household, by=by, reason="离开本市")


def updating(household: Household) -> Callable[[], Any]:
    by = window_at(HERE)
    return lambda: registration.update(household, by=by, category="low_income", size=3)


def moved_while_closed() -> Pair:
    household, there = registered(HERE), window_at(THERE)
    relocation = to_be_moved(household)
    return lambda: moving.accept(relocation, by=there), closing(household, HERE)


def moved_while_updated() -> Pair:
    household, there = registered(HERE), window_at(THERE)
    relocation = to_be_moved(household)
    return lambda: moving.accept(relocation, by=there), updating(household)


def joined_while_closed() -> Pair:
    household, there = registered(HERE), window_at(THERE)
    asked = asked_for_the_head_of(registered(THERE), household)
    return lambda: joining.accept(asked, by=there), closing(household, HERE)


def joined_while_updated() -> Pair:
    household, there = registered(HERE), window_at(THERE)
    asked = asked_for_the_head_of(registered(THERE), household)
    return lambda: joining.accept(asked, by=there), updating(household)


def joined_while_the_home_is_closed() -> Pair:
    household, home, there = registered(HERE), registered(THERE), window_at(THERE)
    asked = asked_for_the_head_of(home, household)
    return lambda: joining.accept(asked, by=there), closing(home, THERE)


def joined_while_a_move_is_proposed() -> Pair:
    household, there = registered(HERE), window_at(THERE)
    asked = asked_for_the_head_of(registered(THERE), household)
    return lambda: joining.accept(asked, by=there), lambda: to_be_moved(household)


def two_answers_about_one_household() -> Pair:
    household, there = registered(HERE), window_at(THERE)
    first, second = (asked_for_the_head_of(registered(THERE), household) for _ in range(2))
    return (
        lambda: joining.decline(second, by=there, reason="本人不同意"),
        lambda: joining.decline(first, by=there, reason="本人不同意"),
    )


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


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
        household, home, there = registered(HERE), registered(THERE), window_at(THERE)
        asked = asked_for_the_head_of(home, household)
        pairs.append((home, asked))
        return lambda: joining.accept(asked, by=there), closing(home, THERE)

    list(every_meeting(meeting))
    for home, asked in pairs:
        home.refresh_from_db()
        asked.refresh_from_db()
        assert (home.status, asked.status) in {("closed", "accepted"), ("closed", "lapsed")}
