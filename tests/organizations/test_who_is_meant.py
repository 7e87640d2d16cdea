"""Whom addressees mean today: each seat by itself, in one statement that reads no other seats."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.parties import Addressee, Matching, reached_by
from foundation.roles import Role
from organizations.people import holding
from organizations.people.models import Membership
from procurement.key_holders.models import KeyHolder
from procurement.permissions import key_holders
from tests import factories
from tests.procurement.purchases import officer, ready


def test_each_addressee_means_those_in_its_seat():
    window = factories.window_of(factories.town())
    other = factories.window_of(factories.town("月城镇"))
    coordinator = factories.member_of(factories.AccreditedProvider())
    seats = [
        Addressee(Role.WINDOW, place=window.place_id),
        Addressee(Role.WINDOW, organization=other.organization_id, place=other.place_id),
        Addressee(Role.WINDOW, place=window.place_id, user=other.user_id),
        Addressee(Role.COORDINATOR, organization=coordinator.organization_id),
        Addressee(Role.CIVIL_AFFAIRS),
        Addressee(Role.EVALUATOR, user=coordinator.user_id),
    ]
    with CaptureQueriesContext(connection) as asked:
        found = holding.meant_today(seats)
    assert len(asked) == 1
    held = [membership.actor() for membership in Membership.objects.of_today().select_related("user")]
    for seat in seats:
        assert found[seat] == {actor.user_id for actor in held if seat.means(actor)}, seat
    assert window.user_id in found[seats[0]] and found[seats[2]] == set()


def test_nobody_is_read_of_other_seats():
    seat = Addressee(Role.WINDOW, place=factories.window_of(factories.town()).place_id)
    factories.window_of(factories.town("月城镇"))
    meant = holding._at_the_seats_of([seat])
    assert set(Membership.objects.filter(meant).values_list("role", "place_id")) == {(seat.role, seat.place)}


def test_the_roles_of_people_who_may_be_of_several_are_asked_once(django_assert_num_queries):
    seat = (
        KeyHolder.objects.filter(project=ready()).select_related("project").get(person_id=officer().user_id)
    )
    with django_assert_num_queries(1):
        (found,) = reached_by(key_holders, seat)
    assert (found.role, found.user) == (Role.CIVIL_AFFAIRS, officer().user_id)
    assert reached_by(key_holders, seat, Matching([seat])) == [found]
