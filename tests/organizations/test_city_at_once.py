"""Two people who set the city up at the same moment: one of them is told, and nothing is there twice."""

from __future__ import annotations

import pytest

from foundation.refusals import Invalid, NotNow, Refused
from organizations.bodies import closing as closing_bodies
from organizations.bodies import keeping as keeping_bodies
from organizations.bodies.models import Organization
from organizations.city_lists import entering
from organizations.people import giving
from organizations.people.models import Membership, User
from organizations.places import keeping
from organizations.places.models import Place
from tests import factories
from tests.factories import actor
from tests.organizations import sheets
from tests.racing import at_once, refused

pytestmark = pytest.mark.usefixtures("own_database")

VILLAGE = {"kind": "village", "code": "320281001009", "name": "新开社区"}
ROW = {"code": "320281001009", "name": "新开社区", "kind": "社区", "parent": "澄江街道"}


def two() -> tuple:
    return actor("guanli"), actor("guanli2")


def test_one_code_is_entered_once():
    town = factories.town()
    done = at_once([lambda by=by: keeping.enter(by=by, parent=town, **VILLAGE) for by in two()])
    assert refused(done, Invalid) == 1
    assert Organization.objects.filter(place__code=VILLAGE["code"]).count() == 1


def test_one_list_is_entered_once_and_one_by_hand_beside_it_makes_it_another():
    first, second = two()
    form = sheets.form("places", sheets.xlsx("places", [ROW]), first)
    assert form.is_valid(), form.errors
    waiting = entering.upload(by=first, **form.given())
    done = at_once([lambda by=by: entering.confirm(waiting, by=by) for by in (first, second)])
    assert refused(done, NotNow) == 1
    assert Place.objects.filter(code=ROW["code"]).count() == 1
    form = sheets.form(
        "places", sheets.xlsx("places", [{**ROW, "code": "320281001010", "name": "又一社区"}]), first
    )
    assert form.is_valid(), form.errors
    waiting = entering.upload(by=first, **form.given())
    town = factories.town()
    done = at_once(
        [
            lambda: entering.confirm(waiting, by=first),
            lambda: keeping.enter(
                by=second, parent=town, kind="village", code="320281001010", name="又一社区"
            ),
        ]
    )
    assert refused(done) == 1
    assert Place.objects.filter(code="320281001010").count() == 1


def test_a_town_gets_one_window():
    town = keeping.enter(by=two()[0], kind="town", code="320281199", name="新设镇")
    done = at_once(
        [
            lambda by=by: keeping_bodies.establish(by=by, kind="window", name="窗口", place=town)
            for by in two()
        ]
    )
    assert refused(done, Invalid) == 1
    assert Organization.objects.windows().filter(place=town).count() == 1


def test_nobody_is_let_into_a_committee_that_is_closed_meanwhile():
    first, second = two()
    for number in range(4):
        place = keeping.enter(
            by=first, kind="village", code=f"32028100102{number}", name=f"{number}村", parent=factories.town()
        )
        committee = Organization.objects.get(place=place)
        person = User.objects.create(username=f"xieguan{number}", full_name="协管员")
        done = at_once(
            [
                lambda committee=committee: closing_bodies.close(committee, by=first, reason="撤并"),
                lambda committee=committee, place=place, person=person: giving.give(
                    by=second, person=person, role="assistant", organization=committee, place=place
                ),
            ]
        )
        assert refused(done, Refused) == 1, done
        held = Membership.objects.from_today().filter(organization=committee).exists()
        committee.refresh_from_db()
        assert held is not committee.closed
