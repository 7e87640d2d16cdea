"""What steps lack is asked for several objects with as many statements as for one."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from evaluations.sheets import lots
from foundation.deadlines import calendar
from foundation.lifecycle.lacking import Lacks
from foundation.lifecycle.table import LIFECYCLES, Lifecycle
from foundation.rules import reading
from foundation.rules.models import RuleVersion
from procurement.purchases import grounds
from procurement.purchases.states import NextGround
from tests.access import further_cases

pytestmark = pytest.mark.story

#: Objects that are asked about, at most.
SOME = 12

#: A year's end is reckoned line by line, and a handful is proposed in a year.
LINE_BY_LINE = ("contracts.BudgetChange", "approve")

#: Every action that lacks something or is foreseen to be refused, by table, each with the function that says so.
LACKING = [
    (lifecycle.label, name, lacks)
    for lifecycle in LIFECYCLES.values()
    for of in (lifecycle.lacks, lifecycle.foreseen)
    for name, lacks in of.items()
    if (lifecycle.label, name) != LINE_BY_LINE
]


@pytest.fixture
def changed_rules():
    """Every rule that objects record has versions that are not the default."""
    keys = [lots.PANEL, *(key for key in reading.defaults() if key.startswith("procurement.method."))]
    RuleVersion.objects.bulk_create(
        RuleVersion(key=key, version=version, value=reading.default(key).value)
        for key in keys
        for version in (1, 2)
    )


def objects_of(lifecycle: Lifecycle, **columns: Any) -> list[Any]:
    """Objects of a table in any state, read as a page reads them, with these values in their columns."""
    found = list(lifecycle.model._default_manager.order_by("pk")[:SOME])
    models.prefetch_related_objects(found, *lifecycle.joins, *lifecycle.branches, *lifecycle.looks_at)
    for obj in found:
        for name, value in columns.items():
            setattr(obj, name, value)
    return found


def statements(lacks: Lacks, objects: list[Any]) -> list[str]:
    """What the database is asked while a page is made."""
    with CaptureQueriesContext(connection) as asked, ExitStack() as page:
        for one in (reading.remembered, reading.remembered_versions, calendar.remembered):
            page.enter_context(one.meanwhile())
        lacks(objects)
    return [query["sql"] for query in asked.captured_queries]


def columns_of(lifecycle: Lifecycle, state: str) -> list[dict[str, Any]]:
    """Values with which the objects stand in a state, decided by a rule that was changed since; and with each
    proposal that may wait.
    """
    standing: dict[str, Any] = {lifecycle.field_name: state}
    if lifecycle.label == "evaluations.Round":
        return [standing | {"rules": {lots.PANEL: 1}}]
    if lifecycle.label != "procurement.Project":
        return [standing]
    standing |= {"method_rule": 1}
    proposals = [{"failing": ground} for ground in grounds.REFUSED_GROUNDS]
    proposals += [{"passing": ground} for ground in NextGround.values]
    return [standing | {"failing": "", "passing": ""} | proposal for proposal in ({}, *proposals)]


@pytest.mark.parametrize(
    ("label", "name", "lacks"),
    LACKING,
    ids=[f"{label}.{name}.{lacks.__name__}" for label, name, lacks in LACKING],
)
def test_twice_as_many_objects_ask_the_database_as_often(label, name, lacks, changed_rules):
    lifecycle = LIFECYCLES[label]
    further_cases.add(label)
    for state in lifecycle.get_transition(name).arrow.sources:
        for columns in columns_of(lifecycle, state):
            once = objects_of(lifecycle, **columns)
            assert once, f"there is no {label}"
            twice = [*objects_of(lifecycle, **columns), *objects_of(lifecycle, **columns)]
            asked = statements(lacks, once)
            again = statements(lacks, twice)
            assert len(again) == len(asked), (state, columns, Counter(again) - Counter(asked))


def test_the_rules_that_objects_were_decided_by_are_read_at_once(changed_rules):
    assert RuleVersion.objects.filter(key=lots.PANEL).count() == 2
    with CaptureQueriesContext(connection) as asked, reading.remembered_versions.meanwhile():
        for key in (lots.PANEL, "procurement.method.open"):
            for version in (1, 2):
                reading.as_it_was(key, version)
    assert len(asked) == 1
