"""Nothing lists without pages: lists of the API come by cursor, lists of pages fifty rows at a time."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator
from rest_framework import serializers

from foundation.api.base import ListEndpoint, PartsEndpoint
from foundation.api.defaults import Paging
from foundation.api.lists import PARTS_TOLD, told_alone
from foundation.ui.lists import ListPage
from tests.house.packages import ROOT, below, sources

#: Answers of the API that are whole lists, and why these stay short.
WHOLE_ANSWERS = {
    "/api/v1/clocks/{label}/{id}": "the clocks that run on one object",
    "/api/v1/connections": "a person's account of the city's single sign-on",
    "/api/v1/factors": "the factors of one person, ten at most",
    "/api/v1/sign-ins": "what one person has open",
    "/api/v1/editions/{id}/headings": "the headings of one edition",
    "/api/v1/editions/{id}/items": "the items of one edition, decided and read as a whole",
    "/api/v1/items/in-force": "the items of the edition in force",
    "/api/v1/me": "the roles of one person",
    "/api/v1/people/{id}/connections": "a person's account of the city's single sign-on",
    "/api/v1/needs/routing": "the kinds of need",
    "/api/v1/needs/{id}/findings": "what the checks find about one need",
    "/api/v1/papers": "the folder of one provider",
    "/api/v1/providers/{id}/figures": "the automatic indicators",
    "/api/v1/providers/{id}/figures/{measure}": "the newest 200 records behind one figure",
    "/api/v1/rules/in-force": "the rules of rules.yaml",
    "/api/v1/setup": "the steps of setting up",
}

#: Lists within the rows of a list of the API, and why these stay short.
WHOLE_IN_ROWS = {
    "bodies": "the bodies that sit at a meeting, of the 17",
    "evidence": "the first facts of a red flag",
    "moves": "the transitions open to the reader, of one table",
    "names": "the names of one organization",
    "parts": "the packages that a program may use",
    "referrals": "the candidates asked at once, as many as the rule says",
    "serves": "the towns that a provider serves, of those of the city",
    "terms": "the terms of one edition, of which there is one a year",
    "weekdays": "the days of a week",
}

#: Columns within the rows of a list that hold JSON, and why it stays short.
WHOLE_IN_COLUMNS = {
    "choice": "why one provider was chosen",
    "criteria": "what a purchase asks for, written in one form",
    "final_shares": "the grades",
    "grades": "the grades",
    "hours": "the days of a week",
    "papers": "what a purchase asks for, written in one form",
    "penalties": "what a contract says about deductions, written in one form",
    "queue": "the candidates of one need, as many as the rule says",
    "rules": "the versions of rules that a round uses",
    "scope": "the sorts of data",
    "standards": "the standards of one item",
    "value": "the value of one rule",
}

#: Pages that show a whole list, and why it stays short.
WHOLE_PAGES = {
    "catalog.editions.views.Editions": "one or two editions a year",
    "catalog.public.views.Archive": "one or two editions a year",
    "marketplace.portal.views.Help": "one window a town",
    "organizations.responsibilities.views.Responsibilities": "kinds of need and the 17 bodies",
    "procurement.ocds.views.OpenData": "the years",
    "referrals.needs.views.ShowRouting": "the kinds of need",
}


#: Answers that come by position, whose rows are no objects.
PAGED_BY_POSITION = {"/api/v1/simulations/{id}/providers"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The schema of the API."""
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


@pytest.fixture(scope="module")
def answers(schema) -> dict[str, list[dict[str, Any]]]:
    """What each address of the API answers to GET, as the schema describes it."""
    return {
        path: [
            content.get("schema", {})
            for answer in methods["get"]["responses"].values()
            for content in answer.get("content", {}).values()
        ]
        for path, methods in schema["paths"].items()
        if "get" in methods
    }


def test_an_answer_of_the_api_is_no_whole_list(answers):
    whole = {path for path, shapes in answers.items() if any(one.get("type") == "array" for one in shapes)}
    assert whole == set(WHOLE_ANSWERS), "pages (ListEndpoint), or a reason why it stays short"


@pytest.fixture(scope="module")
def shapes(schema) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A described value by its shape, behind the name that may stand for it."""

    def shape(described: dict[str, Any]) -> dict[str, Any]:
        for wrapped in described.get("allOf", ())[:1]:
            return shape(wrapped)
        name = described.get("$ref", "").rpartition("/")[2]
        return schema["components"]["schemas"][name] if name else described

    return shape


def arrays(described: dict[str, Any], shape: Callable[[dict[str, Any]], dict[str, Any]]) -> Iterator[str]:
    """The names of what is an array anywhere in a described value."""
    for name, value in shape(described).get("properties", {}).items():
        inner = shape(value)
        if inner.get("type") == "array":
            yield name
            inner = inner["items"]
        yield from arrays(inner, shape)


def serializer_at(path: str) -> Any:
    """What serializes the rows at an address of the API."""
    view: Any = resolve(re.sub(r"\{\w+\}", "1", path)).func
    return getattr(view, "cls", None) and view.cls.serializer_class


def test_a_row_of_a_list_carries_no_list_that_grows(answers, shapes):
    whole = set()
    for path, described in answers.items():
        for answer in map(shapes, described):
            rows = answer.get("properties", {}).get("results")
            if rows is None or path in PAGED_BY_POSITION:
                continue
            alone = told_alone(serializer_at(path))
            row = shapes(rows["items"])
            kept = {name: value for name, value in row["properties"].items() if name not in alone}
            whole |= set(arrays({"properties": kept}, shapes))
    assert whole == set(WHOLE_IN_ROWS), "Parts or ALONE, or a reason why it stays short"


def test_a_row_of_a_list_carries_no_column_that_grows():
    whole = set()
    for kind in below(ListEndpoint):
        serializer = getattr(kind, "serializer_class", None)
        if serializer:
            fields = {name: field for name, field in serializer().fields.items() if field.source != "*"}
            told = fields.keys() - told_alone(serializer).keys()
            whole |= {name for name in told if isinstance(fields[name], serializers.JSONField)}
    assert whole == set(WHOLE_IN_COLUMNS), "ALONE, or a reason why it stays short"


def test_parts_of_one_object_have_an_address_of_their_own():
    kinds = [kind for kind in below(PartsEndpoint) if hasattr(kind, "parts")]
    assert len(kinds) > 15
    assert Paging.page_size == PARTS_TOLD


def test_every_list_of_the_api_comes_by_cursor():
    lists = set(below(ListEndpoint))
    assert len(lists) > 40
    for kind in lists:
        assert issubclass(kind.pagination_class, Paging), kind
        assert (kind.pagination_class.page_size, kind.pagination_class.max_page_size) == (40, 200), kind


#: What gives the rows of one page.
PAGED = {"show_list", "show_in_order", "paginate", "in_order", "in_order_from"}


def calls(node: ast.AST) -> set[str]:
    """The names of what is called below a node."""
    called = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
    return {ast.unparse(function).rpartition(".")[2] for function in called}


def test_every_page_that_lists_does_so_in_pages():
    whole, paged = set(), set()
    lists = {f"{kind.__module__}.{kind.__name__}" for kind in below(ListPage)}
    for path in sources():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and f"{module}.{node.name}" in lists:
                whole |= {f"{module}.{node.name}"} if "show_all" in calls(node) else set()
                paged |= {f"{module}.{node.name}"} if PAGED & calls(node) else set()
    assert whole == set(WHOLE_PAGES), "show_list, or a reason why it stays short"
    assert len(paged) > 25
    assert lists - whole - paged == set(), "a list page that shows its rows in no known way"
