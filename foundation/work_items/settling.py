"""Writing work items in the transaction of what changes them.

Actions and clocks ``touch`` an object; at the end of the outermost transaction the items of all touched
objects are made anew and what differs is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection, models, transaction
from django.db.models.constants import LOOKUP_SEP
from psycopg import sql

from foundation.lifecycle.models import about
from foundation.lifecycle.table import LIFECYCLES, Lifecycle
from foundation.paths import reached, single
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
        at_the_end(settle, (obj.lifecycle.label, obj.pk))


@transaction.atomic(savepoint=False)
def settle(touched: Collection[tuple[str, int]]) -> list[Difference]:
    """Make the items of objects anew, given as label and primary key, and write what differs, which it returns.

    The objects are locked, so that of two transactions the later one sees what the earlier one did.
    """
    made = {_key(item): item for item in making.items_of_several(locked(touched))}
    kept = {_key(item): item for item in WorkItem.objects.filter(about(touched))}
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


def _key(item: WorkItem) -> tuple[str, int, str]:
    """What there is one item of."""
    return item.lifecycle, item.object_id, item.seat


def _write(gone: Collection[WorkItem], changed: Collection[WorkItem]) -> None:
    """Take the items away that are gone, and write those that are new or other."""
    if gone:
        WorkItem.objects.filter(pk__in=[item.pk for item in gone]).delete()
    if changed:
        WorkItem.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=[*IDENTITY],
            update_fields=[*(name for name in making.COMPARED if name not in IDENTITY), "since"],
        )


#: The columns that say which item it is; the others are made anew.
IDENTITY = ("lifecycle", "object_id", "seat")


def locked(touched: Iterable[tuple[str, int]]) -> dict[str, list[Any]]:
    """The objects by label with what their items need, locked against other transitions.

    They are read after they are locked, since a statement that waited for a lock gives the locked row as it is
    now and the rows joined to it as they were before.
    """
    keys: dict[str, list[int]] = defaultdict(list)
    for label, pk in touched:
        keys[label].append(pk)
    _lock(keys)
    found = {label: list(_rows(LIFECYCLES[label], pks)) for label, pks in keys.items()}
    _fetch_branches(found)
    return found


def _lock(keys: Mapping[str, list[int]]) -> None:
    """Lock the objects of each lifecycle in the order of their keys, all with one statement."""
    one = sql.SQL(
        "(SELECT count(*) FROM (SELECT FROM {} WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE) _)"
    )
    tables = (LIFECYCLES[label].model._meta.db_table for label in keys)
    locking = sql.SQL(", ").join(one.format(sql.Identifier(table)) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {}").format(locking), [*keys.values()])


def _rows(lifecycle: Lifecycle, pks: Collection[int]) -> Any:
    """The objects of one lifecycle with the single rows along the paths to their addressees.

    One object needs no order, which Django is slow to write for many columns.
    """
    model: Any = lifecycle.model
    before = filter(None, (single(model, path) for path in making.branches_of(lifecycle)))
    joins = dict.fromkeys((*model.worklist_joins, *lifecycle.joins, *before))
    found = model._default_manager.filter(pk__in=pks).select_related(*joins)
    return found.order_by("pk") if len(pks) > 1 else found.order_by()


def _fetch_branches(objects: Mapping[str, Sequence[Any]]) -> None:
    """Fetch what the paths to addressees reach over several rows: one statement for each relation, whatever
    objects lead to it.
    """
    starts: dict[tuple[type[models.Model], str], list[models.Model]] = defaultdict(list)
    for label, found in objects.items():
        for path in making.branches_of(LIFECYCLES[label]):
            before = single(LIFECYCLES[label].model, path)
            branch = path.removeprefix(before).removeprefix(LOOKUP_SEP)
            for start in (start for obj in found for start in reached(obj, before)):
                starts[type(start), branch].append(start)
    for (_model, branch), rows in starts.items():
        models.prefetch_related_objects(rows, branch)
