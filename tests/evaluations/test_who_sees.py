"""Who sees what of the evaluations: lists and the guard on one object say the same of everybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from foundation import moments
from foundation.roles import Role
from organizations.people.models import Membership

pytestmark = pytest.mark.story

#: Every model of evaluations that declares who sees it.
SEEN: list[Any] = [
    model for model in apps.get_app_config("evaluations").get_models() if hasattr(model, "seen_by")
]


def everybody():
    held = Membership.objects.on(moments.today()).select_related("user", "organization", "place")
    return [membership.actor() for membership in held.order_by("pk")]


@pytest.mark.parametrize("model", SEEN, ids=lambda model: model.__name__)
def test_a_list_shows_a_person_just_what_the_person_is_a_party_to(db, model):
    objects = list(model.objects.all())
    for person in everybody():
        admitted = {obj.pk for obj in objects if any(party.admits(person, obj) for party in model.seen_by)}
        listed = list(model.objects.visible_to(person).values_list("pk", flat=True))
        assert sorted(listed) == sorted(admitted), person


def test_the_story_has_something_to_see_and_to_hide(db):
    seen = {
        model.__name__: {
            (person.role, model.objects.visible_to(person).count() == model.objects.count())
            for person in everybody()
            if person.role in (Role.CIVIL_AFFAIRS, Role.COORDINATOR)
        }
        for model in SEEN
        if model.objects.exists()
    }
    assert len(seen) >= 8
    for name, found in seen.items():
        assert (Role.CIVIL_AFFAIRS, True) in found, name
        assert (Role.COORDINATOR, False) in found or name in ("Scheme", "Round"), name
