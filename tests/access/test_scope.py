"""A role bound to a place or an organization sees nothing where that is missing."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from foundation.roles import AT_A_PLACE, OF_AN_ORGANIZATION, Actor
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
