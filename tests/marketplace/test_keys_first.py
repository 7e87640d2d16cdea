"""A page of rows finds its keys first: nothing is joined to rows that it does not show."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from benchmarks.sweep.addresses import addresses
from benchmarks.sweep.people import people, roles
from foundation.api.defaults import Paging
from foundation.permissions import NOBODY
from foundation.roles import PRIVATE, Role
from foundation.ui import pagination
from foundation.ui.pagination import paginate
from organizations.providers.models import Provider
from organizations.providers.states import Standing
from tests import factories
from tests.statements import sent_by

#: As many tables PostgreSQL orders as it likes; of more it joins the rest in the order of the statement.
ORDERED_FREELY = 8
#: How the statements end that find a page of rows.
ENDINGS = (f"LIMIT {pagination.PAGE + 1}", f"LIMIT {Paging.page_size + 1}", " DESC")
#: What a row of the lists shows, from three tables.
ROWS = Provider.objects.values_list("pk", "organization__name", "organization__place__name", named=True)


@pytest.fixture
def providers(db, monkeypatch):
    monkeypatch.setattr(pagination, "PAGE", 3)
    return [factories.AccreditedProvider() for _each in range(8)]


def pages(found, rows=None) -> list[list[int]]:
    """The keys of each page, opened one after another by the link to older rows."""
    query, read = "", []
    while True:
        page = paginate(found, RequestFactory().get(f"/{query}"), rows=rows)
        read.append([row.pk for row in page])
        query = page.older
        if not query:
            return read


@pytest.mark.parametrize("rows", [None, ROWS, Provider.objects.select_related("organization__place")])
def test_every_row_is_on_one_page_newest_first(providers, rows):
    keys = sorted((provider.pk for provider in providers), reverse=True)
    found = Provider.objects.filter(pk__in=keys)
    assert pages(found, rows) == [keys[:3], keys[3:6], keys[6:]]
    assert pages(found.select_related("organization"), rows) == [keys[:3], keys[3:6], keys[6:]]


def test_only_what_was_found_is_shown(providers):
    shown = [provider.pk for provider in providers[:4]]
    found = Provider.objects.filter(pk__in=shown, status=Standing.ACCREDITED)
    assert pages(found, ROWS) == [shown[:0:-1], shown[:1]]
    assert pages(found.filter(pk=0), ROWS) == pages(found.none(), ROWS) == [[]]


def test_a_row_that_is_found_over_several_others_is_shown_once(providers):
    provider = providers[0]
    for role in (Role.COORDINATOR, Role.SOCIAL_WORKER):
        factories.member_of(provider, role)
    found = Provider.objects.filter(organization__membership__valid_to=None, pk=provider.pk)
    assert found.count() > 1
    assert pages(found, ROWS) == [[provider.pk]]


def test_a_page_takes_one_statement_and_joins_nothing_to_rows_that_it_does_not_show(providers):
    with CaptureQueriesContext(connection) as queries:
        page = paginate(Provider.objects.all(), RequestFactory().get("/"), rows=ROWS)
    assert len(page) == 3
    assert [row.organization__name for row in page]
    (statement,) = (query["sql"] for query in queries)
    keys = re.search(r"= ANY\(ARRAY\((SELECT .* LIMIT 4)\)\)", statement)
    assert keys
    assert "JOIN" not in keys[1]


def test_the_planner_is_told_of_no_more_than_it_orders_freely():
    many = " JOIN ".join(f"t{number}" for number in range(12))
    assert tables(f"SELECT * FROM {many} LIMIT 51") == 12
    assert tables(f"SELECT * FROM t JOIN u WHERE id = ANY(ARRAY(SELECT (1) FROM {many} LIMIT 51))") == 2


def tables(statement: str) -> int:
    """How many tables a statement joins, but for those in the arrays that it makes first."""
    kept, rest = "", statement
    while "ARRAY(" in rest:
        before, _mark, rest = rest.partition("ARRAY(")
        kept, open_ = kept + before, 1
        while open_:
            place = re.search(r"[()]", rest)
            assert place
            open_ += 1 if place[0] == "(" else -1
            rest = rest[place.end() :]
    return len(re.findall(r"\b(?:FROM|JOIN) ", kept + rest))


@pytest.mark.story
@pytest.mark.slow
@pytest.mark.parametrize("role", roles())
def test_no_list_has_all_its_rows_joined_before_it_is_known_whose_they_are(role, db):
    client, joined = people(role)[0].client, {}
    lists = [address for address in addresses() if role in address.admitted and not address.arguments]
    for address in lists:
        for statement in sent_by(client.get, address.route):
            if statement.endswith(ENDINGS) and "ORDER BY" in statement:
                joined[address.route, statement] = tables(statement)
    of_the_api = {route for route, _statement in joined if route.startswith("/api/")}
    assert {route for route, _statement in joined} - of_the_api
    assert of_the_api or role in (NOBODY, *PRIVATE)  # who may list little by the API
    assert {place: many for place, many in joined.items() if many > ORDERED_FREELY} == {}
