"""The step of items as it is when they are read."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.lifecycle.table import LIFECYCLES, Step
from foundation.work_items.models import WorkItem


def steps_of(items: Sequence[WorkItem]) -> dict[int, Step]:
    """The step of each item, by its primary key; of objects whose step depends on much that changes elsewhere
    (``Lifecycle.at_reading``) as it is now.
    """
    found = {item.pk: _step(item) for item in items}
    for label in dict.fromkeys(item.lifecycle for item in items):
        at_reading = LIFECYCLES[label].at_reading
        theirs = [item for item in items if item.lifecycle == label] if at_reading else []
        now = at_reading(list({item.object_id for item in theirs})) if at_reading else {}
        found |= {item.pk: now[item.object_id] for item in theirs if item.object_id in now}
    return found


def _step(item: WorkItem) -> Step:
    """The step of an item as it was written, or the one that meets its deadline once that is near."""
    row = item.table.find(item.due_by) if item.due_by and item.pressing else None
    if row is None:
        return Step(item.step, item.address, item.step_label)
    return Step(row.name, f"{item.link}{row.name.replace('_', '-')}/", row.label)
