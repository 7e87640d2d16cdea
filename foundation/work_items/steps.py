"""The step of items as it is when they are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from foundation.lifecycle.table import LIFECYCLES, Lifecycle, Step
from foundation.refusals import Refused
from foundation.work_items.models import WorkItem


def steps_of(items: Sequence[WorkItem]) -> dict[int, Step]:
    """The step of each item, by its primary key; of objects whose step depends on much that changes elsewhere
    (``Lifecycle.at_reading``) as it is now, and where the transition would be refused now (``Lifecycle.foreseen``) what
    is to be done instead.
    """
    found = {item.pk: _step(item) for item in items}
    for label in dict.fromkeys(item.lifecycle for item in items):
        lifecycle = LIFECYCLES[label]
        theirs = [item for item in items if item.lifecycle == label and item.step]
        at_reading = lifecycle.at_reading if theirs else None
        now = at_reading(list({item.object_id for item in theirs})) if at_reading else {}
        found |= {item.pk: now[item.object_id] for item in theirs if item.object_id in now}
        found |= _instead(lifecycle, {item: found[item.pk].name for item in theirs})
    return found


def _step(item: WorkItem) -> Step:
    """The step of an item as it was written, or the one that meets its deadline once that is near."""
    row = item.table.find(item.due_by) if item.due_by and item.pressing else None
    if row is None:
        return Step(item.step, item.address, item.step_label)
    return Step(row.name, f"{item.link}{row.name.replace('_', '-')}/", row.label)


def _instead(lifecycle: Lifecycle, steps: dict[WorkItem, str]) -> dict[int, Step]:
    """The steps of those items whose transition would be refused now, by primary key."""
    theirs = {item: step for item, step in steps.items() if step in lifecycle.foreseen}
    if not theirs:
        return {}
    rows: Any = lifecycle.model._default_manager
    objects = rows.in_bulk([item.object_id for item in theirs])
    asked = {(item.object_id, step) for item, step in theirs.items() if item.object_id in objects}
    pairs = [(objects[pk], lifecycle.get_transition(step)) for pk, step in sorted(asked)]
    refused = lifecycle.missing(pairs, foreseen=True)
    return {
        item.pk: _of_a_refusal(lifecycle, objects[item.object_id], refused[item.object_id, step])
        for item, step in theirs.items()
        if (item.object_id, step) in refused
    }


def _of_a_refusal(lifecycle: Lifecycle, obj: Any, refusal: Refused) -> Step:
    """What a refusal allows instead, else to see what is missing."""
    fitting = {row.name: row for row in lifecycle.fitting(obj)}
    row = next((fitting[name] for name in refusal.allowed if name in fitting), None)
    return lifecycle.see_to(obj) if row is None else Step.of(row, obj)
