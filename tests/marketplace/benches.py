"""The rows of a workbench."""

from __future__ import annotations

from typing import Any

from marketplace.workbench.waiting import Row, Workbench


def rows_of(bench: Workbench) -> list[Row]:
    """All of them: what is to be done, and what waits for others."""
    return [*bench.to_do, *bench.others]


def is_about(row: Row, obj: Any) -> bool:
    """Whether a row is about an object."""
    return (row.item.lifecycle, row.item.object_id) == (obj._meta.label, obj.pk)
