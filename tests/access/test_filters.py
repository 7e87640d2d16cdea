"""A filter of the API knows no object that the reader may not see: it is as unknown as one that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models

from foundation.parties import SeenQuerySet
from foundation.roles import PEOPLE
from marketplace import permissions_table
from tests.accounts import USERS

pytestmark = pytest.mark.story

#: A primary key that no object has.
NOTHING = 10**9


def lists() -> Iterator[tuple[str, Any]]:
    """Every list of the API that is filtered, with its address."""
    for address in permissions_table.addresses():
        filtered = getattr(address.view, "filterset_fields", ())
        if filtered and address.route.startswith("/api/v1/") and "<" not in address.route:
            yield address.route, address.view


def filters_by_object() -> list[tuple[str, str, type[models.Model]]]:
    """Every filter of a list by an object whose model says who sees it: address, filter, model."""
    found = []
    for address, view in lists():
        model: Any = getattr(view, "model", None)
        for name in view.filterset_fields if model else ():
            related = model._meta.get_field(name).related_model if "__" not in name else None
            if related is not None and isinstance(related._default_manager.all(), SeenQuerySet):
                found.append((address, name, related))
    return found


def test_what_the_reader_may_not_see_is_as_unknown_as_what_is_not_there(client_of, who):
    asked = 0
    for role in PEOPLE:
        actor, client = who(USERS[role]), client_of(USERS[role])
        for address, name, model in filters_by_object():
            manager: Any = model._default_manager
            hidden = manager.exclude(pk__in=manager.all().visible_to(actor).values("pk")).first()
            if hidden is None:
                continue
            told, unknown = (client.get(address, {name: pk}) for pk in (hidden.pk, NOTHING))
            assert (told.status_code, told.json()) == (unknown.status_code, unknown.json()), (role, address)
            asked += 1
    assert asked > 50


@pytest.mark.parametrize("typed", ["x", "-1", "1.5", "9" * 40])
def test_what_is_no_key_is_refused_at_the_filter(client_of, typed):
    answer = client_of("minzheng").get("/api/v1/sheets", {"assessment": typed})
    assert answer.status_code == 400 and "assessment" in answer.json()["errors"]


def test_a_key_may_be_typed_in_full_width(client_of):
    client = client_of("minzheng")
    assert (
        client.get("/api/v1/sheets", {"assessment": "\uff11"}).json()
        == client.get("/api/v1/sheets", {"assessment": "1"}).json()
    )
