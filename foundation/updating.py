"""UPDATE with RETURNING, which querysets do not have."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models.sql import UpdateQuery

M = TypeVar("M", bound=models.Model)


def updated(rows: models.QuerySet[M], **values: Any) -> list[M]:
    """Update rows as ``QuerySet.update`` does, and give them as they are afterwards, in one statement.

    They stay locked until the transaction ends.
    """
    query = cast(UpdateQuery, rows.query.chain(UpdateQuery))
    query.clear_ordering(force=True)
    query.add_update_values(values)
    try:
        statement, given = query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return []
    return list(rows.model._base_manager.raw(f"{statement} RETURNING *", given))
