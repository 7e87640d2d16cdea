"""Whoever is a party that sees an object comes through the doors of the API to it, which name groups of roles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from foundation.roles import Role

SEEN = [model for model in apps.get_models() if hasattr(model, "seen_by")]

#: What everybody reads on public pages once it is published; the doors within are for those who work on it.
PUBLISHED = {"evaluations.Assessment", "evaluations.Exit", "evaluations.Round", "evaluations.Scheme"}

#: Lists of a part of the objects, for those who plan with it.
FOR_PLANNING = {"WaitingNeeds"}


def views(resolver: URLResolver | None = None) -> Iterator[Any]:
    """Every view that answers for objects of a model, under its address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", None)
            if view is not None and hasattr(view, "access"):
                yield view
        else:
            yield from views(pattern)


def readers(model: type[models.Model]) -> set[str]:
    """The roles of people who see objects of a model."""
    return {party.role for party in model.seen_by} - {Role.SYSTEM}


def test_the_lists_and_objects_of_the_api_admit_whoever_sees_them():
    asked, shut = 0, {}
    for view in views():
        model = getattr(view, "model", None) or getattr(getattr(view, "queryset", None), "model", None)
        if model not in SEEN or model._meta.label in PUBLISHED or view.__name__ in FOR_PLANNING:
            continue
        asked += 1
        if missing := readers(model) - view.access.admitted("GET"):
            shut[view.__name__] = sorted(missing)
    assert asked > 50
    assert shut == {}
