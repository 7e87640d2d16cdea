"""Whoever is a party that sees an object comes through the doors of pages and API to it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models

from foundation.api.base import PartsEndpoint
from foundation.lifecycle.table import LIFECYCLES
from foundation.parties import Party
from foundation.roles import PEOPLE, Role
from foundation.ui.lifecycle_pages import TransitionPage
from foundation.ui.views import FormPage
from tests.access import showing

SEEN = [model for model in apps.get_models() if hasattr(model, "seen_by")]

#: What everybody reads on public pages once it is published; the doors within are for those who work on it.
PUBLISHED = {
    "catalog.Edition",
    "evaluations.Assessment",
    "evaluations.Exit",
    "evaluations.Round",
    "evaluations.Scheme",
    "organizations.Provider",
}

#: Doors for fewer than see the objects, and why.
FOR_FEWER = {
    "WaitingNeeds": "a list of a part of the needs, for those who plan with it",
    "Responsibilities": "who does what is asked by those who send needs on; others find the bodies on public pages",
    "ShowResponsibility": "the same",
    "Households": "a household has a page of its own, and no list",
    "ShowSignature": "the signature of a visit is read at the service alone",
    "ShowExitFile": "a file of the provider's statement, which has readers of its own",
    "Letter": "a letter is printed by whoever hands it over",
    "OpenPaper": "a paper of an offer, which has readers of its own",
}

#: Pages that show something else than objects of one model, with some of these beside it.
OF_SOMETHING_ELSE = {"ProviderFigures"}


def readers(model: Any) -> set[str]:
    """The roles of people who see objects of a model, of published ones more than the public sees."""
    parties: tuple[Party, ...] = model.seen_by
    if model._meta.label in PUBLISHED:
        parties = tuple(party for party in parties if any(party.bound_to) or party.phases is None)
    return {party.role for party in parties} - {Role.SYSTEM}


def listed_by(view: Any) -> type[models.Model] | None:
    """The model of the objects that a view of the API tells; of parts that of the whole, through which one comes."""
    if issubclass(view, PartsEndpoint):
        return getattr(view, "whole", None)
    return getattr(view, "model", None) or getattr(getattr(view, "queryset", None), "model", None)


def test_the_lists_and_objects_of_the_api_admit_whoever_sees_them():
    asked, shut = 0, {}
    for view in showing.views():
        model = listed_by(view)
        if model not in SEEN or view.__name__ in FOR_FEWER:
            continue
        asked += 1
        if missing := readers(model) - view.access.admitted("GET"):
            shut[view.__name__] = sorted(missing)
    assert asked > 50
    assert shut == {}


def test_the_pages_of_objects_and_their_lists_admit_whoever_sees_them():
    asked, shut = 0, {}
    for page in showing.pages():
        if not page.access.admitted("GET") or issubclass(page, FormPage) or page.__name__ in FOR_FEWER:
            continue
        for model in showing.shown_on(page):
            if model in SEEN:
                asked += 1
                if missing := readers(model) - page.access.admitted("GET"):
                    shut[f"{page.__module__}.{page.__name__}"] = sorted(missing)
    assert asked > 60
    assert shut == {}


def test_no_page_admits_a_role_that_sees_none_of_its_objects():
    idle = {}
    for page in showing.pages():
        if not page.access.admitted("GET") or issubclass(page, FormPage):
            continue
        if page.__name__ in OF_SOMETHING_ELSE:
            continue
        for model in showing.shown_on(page):
            if model in SEEN:
                seeing = {party.role for party in model.seen_by}
                if more := page.access.admitted("GET") - seeing:
                    idle[f"{page.__module__}.{page.__name__}"] = sorted(more)
    assert idle == {}


def test_whoever_may_act_comes_through_the_page_of_the_act_to_an_object_that_he_sees():
    pages = {
        (page.lifecycle.label, page.row.name): page
        for page in showing.pages()
        if issubclass(page, TransitionPage)
    }
    asked, shut = 0, {}
    for label, lifecycle in LIFECYCLES.items():
        seeing = {party.role for party in getattr(lifecycle.model, "seen_by", ())}
        for row in lifecycle.transitions:
            acting = row.roles - {Role.SYSTEM}
            page = pages.get((label, row.name))
            admitted = page.access.admitted("POST") & page.access.admitted("GET") if page else set(PEOPLE)
            asked += len(acting)
            if missing := acting - (admitted & seeing):
                shut[label, row.name] = sorted(missing)
    assert asked > 200
    assert shut == {}
