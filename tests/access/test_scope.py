"""A role bound to a place or an organization sees nothing where that is missing."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from foundation.lifecycle.table import LIFECYCLES
from foundation.parties import Party
from foundation.roles import AT_A_PLACE, OF_AN_ORGANIZATION, Actor, Role
from organizations.bodies.models import Organization
from organizations.people.models import Membership, User
from organizations.places.models import Place
from referrals.needs.models import Need
from tests import factories

#: An organization and a place that there are none of.
ELSEWHERE = 10**9

SEEN = [
    model
    for model in apps.get_models()
    if hasattr(model._default_manager.all(), "visible_to") and not model._meta.abstract
]


def parties() -> set[Party]:
    """Every party of the product: who sees a kind of object, and who makes a transition."""
    seeing = {party for model in apps.get_models() for party in getattr(model, "seen_by", ())}
    acting = {party for lifecycle in LIFECYCLES.values() for row in lifecycle.rows for party in row.by}
    return seeing | acting


def bound(found: set[Party]) -> tuple[set[Role], set[Role]]:
    """The roles of parties that are of a place, and of an organization."""
    return {party.role for party in found if party.place}, {
        party.role for party in found if party.organization
    }


def test_whoever_is_of_a_place_or_an_organization_needs_one_in_the_membership():
    at_a_place, of_an_organization = bound(parties())
    assert at_a_place == set(AT_A_PLACE)
    assert of_an_organization <= set(OF_AN_ORGANIZATION)


def test_a_role_without_its_scope_would_be_found():
    at_a_place, of_an_organization = bound(
        {Party(Role.HOTLINE, place="town"), Party(Role.AUDITOR, organization="body")}
    )
    assert not at_a_place <= set(AT_A_PLACE)
    assert not of_an_organization <= set(OF_AN_ORGANIZATION)


@pytest.mark.parametrize("role", [*AT_A_PLACE, *OF_AN_ORGANIZATION])
def test_a_form_says_at_the_field_what_a_role_lacks(role):
    user = User.objects.create(username="scopeless", full_name="无处")
    field = "place" if role in AT_A_PLACE else "organization"
    with pytest.raises(ValidationError) as fault:
        Membership(user=user, role=role).full_clean()
    assert set(fault.value.message_dict) == {field}


@pytest.mark.parametrize("role", [*AT_A_PLACE, *OF_AN_ORGANIZATION])
def test_a_membership_without_its_place_or_organization_cannot_be_kept(role):
    user = User.objects.create(username="scopeless", full_name="无处")
    whole = {"organization": Organization.objects.first(), "place": Place.objects.first()}
    lacking = {**whole, "place" if role in AT_A_PLACE else "organization": None}
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, role=role, **lacking)
    assert Membership.objects.create(user=user, role=role, **whole).pk


@pytest.mark.parametrize("role", [*AT_A_PLACE, *OF_AN_ORGANIZATION])
def test_whoever_has_no_place_sees_no_more_than_somebody_of_nowhere(role):
    """Rows that themselves have no body, town or provider are nobody's who has none."""
    factories.OpenNeed()
    user = User.objects.create(username="scopeless", full_name="无处")
    nowhere = Actor(role=role, user_id=user.pk)
    foreign = Actor(role=role, user_id=user.pk, organization_id=ELSEWHERE, place_id=ELSEWHERE)
    for model in SEEN:
        manager = model._default_manager
        seen = set(manager.visible_to(nowhere).values_list("pk", flat=True))
        assert seen <= set(manager.visible_to(foreign).values_list("pk", flat=True)), model


def test_a_handler_without_a_body_sees_no_need_that_has_none():
    assert factories.OpenNeed().body is None
    assert not Need.objects.visible_to(Actor(role="handler", user_id=1)).exists()
