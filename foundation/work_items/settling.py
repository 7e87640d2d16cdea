"""Writing work items in the transaction of what changes them.

Actions and clocks ``touch`` an object; at the end of the outermost transaction the items of all touched
objects are made anew and what differs is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db import transaction

from foundation.lifecycle.table import LIFECYCLES, Lifecycle
from foundation.paths import single
from foundation.transactions import at_the_end
from foundation.work_items import making
from foundation.work_items.models import WorkItem


class Difference(NamedTuple):
    """An item that was not what its object gives: gone (``-``), new (``+``), or other in some columns (``~``)."""

    mark: str
    item: WorkItem
    columns: tuple[str, ...] = ()

    @property
    def in_texts_alone(self) -> bool:
        """Whether only its texts are other, as after a change of translations."""
        return bool(self.columns) and making.TEXTS.issuperset(self.columns)

    def __str__(self) -> str:
        columns = f" ({', '.join(self.columns)})" if self.columns else ""
        return f"{self.mark} {self.item}{columns}"


def touch(*objects: Any) -> None:
    """Have the work items of these objects made anew at the end of the transaction, or at once outside of one."""
    for obj in objects:
        at_the_end(settle_all, (obj.lifecycle.label, obj.pk))


@transaction.atomic
def settle_all(touched: Iterable[tuple[str, int]]) -> None:
    """Make the items of objects anew, given as label and primary key, and write what differs."""
    keys: dict[str, list[int]] = defaultdict(list)
    for label, pk in touched:
        keys[label].append(pk)
    for label, pks in keys.items():
        settle(LIFECYCLES[label], sorted(pks))


def settle(lifecycle: Lifecycle, pks: Collection[int]) -> list[Difference]:
    """Make the items of objects of one lifecycle anew; returns what differed.

    The objects are locked, so that of two transactions the later one sees what the earlier one did.
    """
    objects = list(_locked(lifecycle, pks))
    made = {(item.object_id, item.seat): item for item in making.items_of(lifecycle, objects)}
    kept = {
        (item.object_id, item.seat): item
        for item in WorkItem.objects.filter(lifecycle=lifecycle.label, object_id__in=pks)
    }
    gone = [item for key, item in kept.items() if key not in made]
    found = [Difference("-", item) for item in gone]
    for key, item in made.items():
        before = kept.get(key)
        if before is None:
            found.append(Difference("+", item))
            continue
        if (before.step, before.state) == (item.step, item.state):
            item.since = before.since
        if columns := tuple(making.differences(before, item)):
            found.append(Difference("~", item, columns))
    _write(gone, [difference.item for difference in found[len(gone) :]])
    return found


def _write(gone: Collection[WorkItem], changed: Collection[WorkItem]) -> None:
    """Take the items away that are gone, and write those that are new or other."""
    if gone:
        WorkItem.objects.filter(pk__in=[item.pk for item in gone]).delete()
    if changed:
        WorkItem.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["lifecycle", "object_id", "seat"],
            update_fields=[*(name for name in making.COMPARED if name not in IDENTITY), "since"],
        )


#: The columns that say which item it is.
IDENTITY = ("lifecycle", "object_id", "seat", "role", "organization_id", "place_id", "user_id")


def _locked(lifecycle: Lifecycle, pks: Collection[int]) -> Any:
    """The objects with what their items need, locked against other transitions, in the order of their keys."""
    model: Any = lifecycle.model
    branches = making.branches_of(lifecycle)
    before = filter(None, (single(model, path) for path in branches))
    joins = dict.fromkeys((*model.worklist_joins, *lifecycle.joins, *before))
    found = model._default_manager.filter(pk__in=pks).select_related(*joins).prefetch_related(*branches)
    return found.select_for_update(of=("self",), no_key=True).order_by("pk")
