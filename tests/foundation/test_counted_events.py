"""Events that upper floors count: statements that name tables and columns by their models."""

from __future__ import annotations

import pytest
from django.core.exceptions import FieldDoesNotExist

from foundation.counted_events import CountedEvents
from foundation.inbox.models import Notice


def counted(template: str) -> CountedEvents:
    return CountedEvents(
        "notices", ("n",), {"n": Notice}, template, happened="n.at", provider="n.organization_id"
    )


def test_tables_and_columns_are_named_by_the_model():
    events = counted("SELECT {n.texts} FROM {n} WHERE {n.role} = %(role)s")
    assert events.rows == 'SELECT n."texts" FROM "foundation_notice" n WHERE n."role" = %(role)s'
    assert (events.when, events.whose) == ('n."at"', 'n."organization_id"')


def test_a_column_that_is_gone_is_noticed_before_the_statement_runs():
    with pytest.raises(FieldDoesNotExist, match="former_name"):
        _ = counted("SELECT {n.former_name} FROM {n}").rows
