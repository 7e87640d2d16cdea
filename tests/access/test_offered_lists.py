"""What a reader may do with each object of an API list is asked for the whole page at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse

from foundation.lifecycle.table import LIFECYCLES, Lifecycle

pytestmark = pytest.mark.story

#: Statements of any list, however many objects are on the page and in however many states.
MOST = 25

#: Relations that only objects in some states have, each fetched by one statement for the whole page.
FETCHED = 3


def lists() -> list[str]:
    """The addresses of the API that list objects with a lifecycle."""
    found = []
    for name in get_resolver().reverse_dict:
        if not isinstance(name, str) or not name.startswith("api-"):
            continue
        try:
            address = reverse(name)
            view: Any = get_resolver().resolve(address).func
        except NoReverseMatch:
            continue
        model = getattr(getattr(view, "cls", None), "model", None)
        if getattr(model, "lifecycle", None) in LIFECYCLES.values():
            found.append(address)
    return sorted(set(found))


def lifecycle_at(address: str) -> Lifecycle:
    """The lifecycle of the objects that an address lists."""
    view: Any = get_resolver().resolve(address).func
    found: Lifecycle = view.cls.model.lifecycle
    return found


def statements(api: Any, address: str, rows: int, **asked_for: str) -> tuple[int, int]:
    """The statements of a page of at most so many objects, and how many there were."""
    with CaptureQueriesContext(connection) as asked:
        answer = api.get(address, {"page_size": rows, **asked_for})
    return len(asked), len(answer.json()["results"]) if answer.status_code == 200 else 0


@pytest.mark.parametrize("username", ["minzheng", "caizheng", "jigou", "chuangkou"])
def test_a_list_of_many_objects_takes_as_few_statements_as_a_short_one(username, api_of):
    """In whatever states its objects are: each may lack something of its own, which is asked once."""
    api = api_of(username)
    api.get(lists()[0])
    too_many = {}
    for address in lists():
        many, rows = statements(api, address, 50)
        if many > MOST:
            too_many[address] = (many, rows)
        for state in lifecycle_at(address).states.values:
            few, there = statements(api, address, 2, status=state)
            more, rows = statements(api, address, 2 * there, status=state) if there == 2 else (0, 0)
            if more > min(few + FETCHED, MOST):
                too_many[address, state] = (few, more, rows)
    assert too_many == {}
