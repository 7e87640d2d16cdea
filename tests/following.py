"""Work items that are not what their objects give, as after a change that no action told them of."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain, groupby
from typing import Any

from django.db import connection

from foundation.journal.models import Entry
from foundation.lifecycle.table import LIFECYCLES, Lifecycle
from foundation.work_items import rebuilding
from foundation.work_items.settling import Difference

#: Statements that write, but for those with which a session begins: they change nothing that is awaited.
WRITES = re.compile(
    r'(INSERT INTO|UPDATE|DELETE FROM) "?(?!django_session|knox_authtoken|organizations_tries)\w++"?+'
    r'(?! SET "last_login")|Composed'
)


class Writing:
    """Notes whether a statement of a connection has written anything: a wrapper of its statements."""

    def __init__(self) -> None:
        self.happened = False

    def __call__(
        self, execute: Callable[..., Any], sql: object, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        self.happened = self.happened or WRITES.match(str(sql)) is not None
        return execute(sql, params, many, context)


def stale_items() -> list[str]:
    """What a rebuild finds wrong, in words.

    Objects that a test has put there without an action have neither items nor entries in the journal; nothing
    is said of them.
    """
    found: list[str] = []
    differing = chain.from_iterable(rebuilding.rebuild_those_of(lifecycle) for lifecycle in _in_use())
    for (label, pk), some in groupby(differing, key=_object):
        differences = list(some)
        acted_on = Entry.objects.filter(lifecycle=label, object_id=pk)
        if any(difference.mark != "+" for difference in differences) or acted_on.exists():
            found += [f"{label} {pk}: {difference}" for difference in differences]
    return found


def _in_use() -> list[Lifecycle]:
    """The lifecycles that have items, or objects that wait for somebody, found by one statement."""
    one = "SELECT %s::text WHERE EXISTS (SELECT FROM {table} WHERE {status} = ANY(%s))"
    asked, given = ["SELECT DISTINCT lifecycle::text FROM foundation_workitem"], []
    for label, lifecycle in LIFECYCLES.items():
        asked.append(one.format(table=lifecycle.model._meta.db_table, status=lifecycle.field_name))
        given += [label, lifecycle.states_that_wait()]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(asked), given)
        found = {label for (label,) in cursor.fetchall()}
    return [lifecycle for label, lifecycle in LIFECYCLES.items() if label in found]


def _object(difference: Difference) -> tuple[str, int]:
    return difference.item.lifecycle, difference.item.object_id
