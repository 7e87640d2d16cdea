"""Who sees an object: the list of an actor, and the guard on one object, say the same of every object."""

from __future__ import annotations

import pytest
from django.apps import apps

from foundation.parties import SeenQuerySet
from foundation.roles import NOWHERE, SYSTEM, Actor, Role
from organizations.people.models import Membership

pytestmark = pytest.mark.story

SEEN = [model for model in apps.get_models() if hasattr(model, "seen_by")]

#: Objects of a kind that are looked at, the latest first.
MANY = 150


def actors() -> list[Actor]:
    """Everybody of the story in each role, and the system."""
    memberships = Membership.objects.select_related("user", "organization").order_by("pk")
    return [*(membership.actor() for membership in memberships), SYSTEM]


def test_every_list_has_its_parties():
    listed = [model for model in apps.get_models() if hasattr(model._default_manager, "visible_to")]
    by_hand = [model._meta.label for model in listed if not hasattr(model, "seen_by")]
    assert by_hand == ["foundation.Notice"]  # notices are addressed, not seen


@pytest.mark.parametrize("model", SEEN, ids=lambda model: model._meta.label)
def test_lists_and_guards_say_the_same(model):
    assert isinstance(model._default_manager.all(), SeenQuerySet)
    objects = list(model._default_manager.order_by("-pk")[:MANY])
    keys = [obj.pk for obj in objects]
    for actor in actors():
        listed = list(
            model._default_manager.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True)
        )
        admitted = {obj.pk for obj in objects if any(party.admits(actor, obj) for party in model.seen_by)}
        assert len(listed) == len(set(listed)), f"{actor}: an object is listed twice"
        assert set(listed) == admitted, actor


@pytest.mark.parametrize("model", SEEN, ids=lambda model: model._meta.label)
def test_whose_own_side_is_empty_sees_nothing_of_it(model):
    for role in Role:
        bound = [
            party
            for party in model.seen_by
            if party.role == role and (party.organization or party.place or party.user)
        ]
        if not bound or any(party.role == role and party not in bound for party in model.seen_by):
            continue
        nobody = Actor(role)
        assert nobody.organization_id in (None, NOWHERE)
        assert not model._default_manager.visible_to(nobody).exists()
