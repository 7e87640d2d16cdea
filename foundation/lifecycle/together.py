"""Many objects that are begun or changed by one act: some statements for all of them, one entry for each.

It is for tables in whose first states and changes nobody is awaited and no clock runs, such as those of places: what
is made here has no work items, no deadlines and no notices.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from foundation.journal import writing
from foundation.journal.models import Entry
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.rows import Start, Transition
from foundation.lifecycle.table import Lifecycle
from foundation.parties import is_one_of
from foundation.refusals import NotYours
from foundation.roles import Actor

#: Objects that are changed by one statement.
AT_ONCE = 1_000

M = TypeVar("M", bound=LifecycleModel)


def begin(lifecycle: Lifecycle, name: str, objects: Sequence[M], *, by: Actor) -> None:
    """Insert new objects as a start of their table makes them.

    Raises ``NotYours`` where the actor is of no party that may, and ``TypeError`` for a table in which somebody would
    be awaited.
    """
    row = lifecycle.get_start(name)
    _require_nobody(lifecycle)
    lifecycle.model._default_manager.bulk_create(objects)
    _require(row, objects, by)
    entries = (
        writing.unsaved(lifecycle.label, obj, name, by, after=writing.picture(obj), basis=row.basis)
        for obj in objects
    )
    Entry.objects.bulk_create(entries)
    _tell(lifecycle, objects)


def change(
    lifecycle: Lifecycle,
    name: str,
    objects: Sequence[M],
    *,
    before: Mapping[int, dict[str, Any]],
    fields: Collection[str],
    by: Actor,
) -> None:
    """Save those fields of objects as a transition of their table does that keeps the state.

    ``before`` holds the picture of each one before it was changed, by primary key. Raises as ``begin`` does.
    """
    row = lifecycle.get_transition(name)
    _require_nobody(lifecycle)
    _require(row, objects, by)
    lifecycle.model._default_manager.bulk_update(objects, fields, batch_size=AT_ONCE)
    entries = (
        writing.unsaved(
            lifecycle.label, obj, name, by, before=before[obj.pk], after=writing.picture(obj), basis=row.basis
        )
        for obj in objects
    )
    Entry.objects.bulk_create(entries)
    _tell(lifecycle, objects)


def _require_nobody(lifecycle: Lifecycle) -> None:
    """Raise ``TypeError`` for a table in which somebody would be awaited."""
    if lifecycle.states_that_wait() or lifecycle.clocks:
        raise TypeError(f"{lifecycle.label}: somebody is awaited, so its objects are made one by one")


def _require(row: Start | Transition, objects: Sequence[LifecycleModel], by: Actor) -> None:
    """Raise ``NotYours`` where the actor is of no party to one of the objects."""
    if not all(is_one_of(row.by, by, obj) for obj in objects):
        raise NotYours(_("您当前的身份不能办理“%(act)s”。") % {"act": row.label}, rule=row.basis)


def _tell(lifecycle: Lifecycle, objects: Sequence[models.Model]) -> None:
    """Call what follows the objects of the table."""
    for obj in objects:
        lifecycle.changed.call(obj)
