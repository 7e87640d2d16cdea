"""Households of two windows, one of which asks the other about a person."""

from __future__ import annotations

from foundation.roles import Actor
from households.joining.models import Joining
from households.register import members, registration
from households.register.models import Household
from households.register.registration import Applicant
from organizations.places.models import Place
from tests import factories

#: Communities of two towns.
AT_HOME, NEXT_TOWN = "虹桥社区", "华士社区"


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
        by=window_at(AT_HOME),
        name="王小明",
        id_number=person.id_number.plain(),
        relation="other",
        counts=False,
        why="轮流照料",
    )
    return Joining.objects.get(household=household, person=person)
