"""Rounds with as many assessments as a city has providers, written in bulk after the example of one."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from demo.scale.copying import without_triggers
from evaluations.assessments.models import Assessment
from evaluations.rounds import peers
from evaluations.rounds.models import Round
from organizations.providers.models import Provider
from tests.factories.people import new_credit_code

#: What hangs on an assessment, each with the foreign key that leads to it.
PARTS = ("sheets", "cases", "questions", "rulings", "appeals", "consequences")


def copies(example: Any, changes: Iterable[dict[str, Any]]) -> list[Any]:
    """New rows like an example, each with some columns changed."""
    found = []
    for changed in changes:
        new = copy.copy(example)
        new._state = copy.copy(example._state)
        new._state.fields_cache = {}
        new.pk, new._state.adding = None, True
        for name, value in changed.items():
            setattr(new, name, value)
        found.append(new)
    return type(example)._default_manager.bulk_create(found)


def more_providers(like: Provider, count: int) -> list[Provider]:
    """So many providers like one."""
    with without_triggers():
        organizations = copies(
            like.organization,
            (
                {"code": f"crowd-{like.pk}-{n}", "name": f"众多服务中心{n}", "credit_code": new_credit_code()}
                for n in range(count)
            ),
        )
        return copies(like, ({"organization_id": organization.pk} for organization in organizations))


def crowd(round_: Round, providers: list[Provider]) -> None:
    """Assess ``providers`` in a round too, each like the one that is assessed there already."""
    like = round_.assessments.order_by("pk")[0]
    with without_triggers():
        assessments = copies(like, ({"provider_id": provider.pk} for provider in providers))
        for name in PARTS:
            _copy_parts(like, getattr(like, name).all(), assessments)
        peers.add_up(round_)


def _copy_parts(like: Assessment, parts: Iterable[models.Model], assessments: list[Assessment]) -> None:
    for part in parts:
        owned: Callable[[Assessment], dict[str, Any]] = (
            (lambda one: {"assessment_id": one.pk, "provider_id": one.provider_id})
            if hasattr(part, "provider_id")
            else (lambda one: {"assessment_id": one.pk})
        )
        copies(part, map(owned, assessments))
