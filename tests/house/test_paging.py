"""Nothing lists without pages: lists of the API come by cursor, lists of pages fifty rows at a time."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from foundation.api.base import ListEndpoint
from foundation.api.defaults import Paging
from foundation.ui.lists import ListPage
from tests.house.packages import ROOT, below, sources

#: Answers of the API that are whole lists, and why these stay short.
WHOLE_ANSWERS = {
    "/api/v1/clocks/{label}/{id}": "the clocks that run on one object",
    "/api/v1/editions/{id}/headings": "the headings of one edition",
    "/api/v1/editions/{id}/items": "the items of one edition, decided and read as a whole",
    "/api/v1/items/in-force": "the items of the edition in force",
    "/api/v1/me": "the roles of one person",
    "/api/v1/needs/{id}/findings": "what the checks find about one need",
    "/api/v1/papers": "the folder of one provider",
    "/api/v1/providers/{id}/figures": "the automatic indicators",
    "/api/v1/providers/{id}/figures/{measure}": "the newest 200 records behind one figure",
    "/api/v1/rules/in-force": "the rules of rules.yaml",
    "/api/v1/tokens": "the keys of one person",
}

#: Pages that show a whole list, and why it stays short.
WHOLE_PAGES = {
    "catalog.editions.views.Editions": "one or two editions a year",
    "catalog.public.views.Archive": "one or two editions a year",
    "foundation.rules.views.Rules": "the rules of rules.yaml",
    "marketplace.portal.views.Help": "one window a town",
    "organizations.responsibilities.views.Responsibilities": "kinds of need and the 17 bodies",
    "procurement.ocds.views.OpenData": "the years",
}


@pytest.fixture(scope="module")
def answers() -> dict[str, list[dict[str, Any]]]:
    """What each address of the API answers to GET, as the schema describes it."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
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


def test_every_list_of_the_api_comes_by_cursor():
    lists = set(below(ListEndpoint))
    assert len(lists) > 40
    for kind in lists:
        assert issubclass(kind.pagination_class, Paging), kind
        assert (kind.pagination_class.page_size, kind.pagination_class.max_page_size) == (40, 200), kind


#: What gives the rows of one page.
PAGED = {"show_list", "paginate", "in_order"}


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
