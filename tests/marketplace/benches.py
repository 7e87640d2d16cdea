"""The rows of a workbench, and items like those that are on it."""

from __future__ import annotations

from typing import Any

from foundation.work_items.models import WorkItem
from marketplace.workbench.waiting import Row, Workbench


def rows_of(bench: Workbench) -> list[Row]:
    """All of them: what is to be done, and what waits for others."""
    return [*bench.to_do, *bench.others]


def is_about(row: Row, obj: Any) -> bool:
    """Whether a row is about an object."""
    return (row.item.lifecycle, row.item.object_id) == (obj._meta.label, obj.pk)


def copy_of(item: WorkItem, **changed: Any) -> WorkItem:
    """A further item like this one."""
    values = {field.attname: getattr(item, field.attname) for field in WorkItem._meta.concrete_fields}
    return WorkItem(**{**values, "id": None, **changed})
