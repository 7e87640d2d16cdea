"""Of the evaluations in the story everybody has something to see, and providers something that is hidden."""

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


#: What the story holds of them on whatever day it is told; a signal depends on how the month stands.
TOLD_ON_ANY_DAY = {"Scheme", "Round", "Assessment", "Appeal", "Exit", "ScoreSheet", "Simulation"}


def everybody():
    held = Membership.objects.on(moments.today()).select_related("user", "organization", "place")
    return [membership.actor() for membership in held.order_by("pk")]


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
    assert seen.keys() >= TOLD_ON_ANY_DAY
    for name, found in seen.items():
        assert (Role.CIVIL_AFFAIRS, True) in found, name
        assert (Role.COORDINATOR, False) in found or name in ("Scheme", "Round"), name
