"""Who sees purchases, contracts and gifts: a list shows somebody exactly the objects to which he is a party."""

from __future__ import annotations

import pytest
from django.apps import apps

from organizations.people.models import Membership

pytestmark = pytest.mark.story

PACKAGES = ("procurement", "contracts", "giving")

SEEN = [
    model for model in apps.get_models() if model._meta.app_label in PACKAGES and hasattr(model, "seen_by")
]


@pytest.mark.parametrize("model", SEEN, ids=lambda model: model._meta.label)
def test_a_list_shows_what_one_is_a_party_to(model):
    objects = list(model.objects.all())
    for membership in Membership.objects.select_related("user", "organization", "place"):
        actor = membership.actor()
        listed = [found.pk for found in model.objects.visible_to(actor)]
        admitted = [obj.pk for obj in objects if any(party.admits(actor, obj) for party in model.seen_by)]
        assert sorted(listed) == sorted(admitted), actor


def test_every_list_of_these_packages_is_by_parties():
    by_hand = [
        model
        for model in apps.get_models()
        if model._meta.app_label in PACKAGES
        and hasattr(model._default_manager.all(), "visible_to")
        and model not in SEEN
    ]
    assert by_hand == []
