"""Making work items anew from the objects: all, for a check, after an upgrade and for loaded data; and each day
those that the date alone may change.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from foundation.lifecycle.table import LIFECYCLES, Lifecycle
from foundation.scheduling.stalled import queue_once
from foundation.work_items import settling
from foundation.work_items.models import WorkItem
from foundation.work_items.settling import Difference

#: Objects that are locked and made anew in one transaction.
AT_ONCE = 500

#: Below every key of an item, whatever its object's may be.
FIRST = -(2**63)


def rebuild() -> Iterator[Difference]:
    """Make the items of every object anew; yields what differed.

    Texts follow the translations of now, so after a change of these most items differ in their texts.
    """
    for lifecycle in LIFECYCLES.values():
        yield from rebuild_those_of(lifecycle)
    of_none = WorkItem.objects.exclude(lifecycle__in=list(LIFECYCLES))
    for item in of_none:
        yield Difference("-", item)
    of_none.delete()


def rebuild_unknown() -> int:
    """Make the items anew whose lifecycle, state, step or role no table knows any more, as after an upgrade;
    returns how many differed.
    """
    kinds = WorkItem.objects.order_by().values("lifecycle", "state", "step", "role").distinct()
    unknown = [kind for kind in kinds if not WorkItem(**kind).known]
    differed = 0
    for kind in unknown:
        found = WorkItem.objects.filter(**kind)
        if kind["lifecycle"] not in LIFECYCLES:
            differed += found.delete()[0]
            continue
        pks = sorted(set(found.values_list("object_id", flat=True)))
        for start in range(0, len(pks), AT_ONCE):
            part = [(kind["lifecycle"], pk) for pk in pks[start : start + AT_ONCE]]
            with transaction.atomic():
                differed += len(settling.settle(part))
    return differed


def follow_the_day() -> int:
    """Make the items anew that the date alone may change (``Lifecycle.by_day``); returns how many differed."""
    following = [lifecycle for lifecycle in LIFECYCLES.values() if lifecycle.by_day]
    return sum(1 for lifecycle in following for _difference in rebuild_those_of(lifecycle))


def soon() -> None:
    """Have the same done in the background, after this transaction: who holds which role has changed."""
    # By name, since the task imports this module.
    queue_once("foundation.tasks.follow_seats", lock="seats")


def after_a_renaming() -> None:
    """Have all items made anew in the background: they bear the names of organizations and places."""
    queue_once("foundation.tasks.follow_names", lock="names")


def rebuild_those_of(lifecycle: Lifecycle) -> Iterator[Difference]:
    """The same for one lifecycle, in the order of primary keys.

    Objects at rest have no items, so only those that wait for somebody, or have items, are read.
    """
    after = FIRST
    while pks := _next(lifecycle, after):
        with transaction.atomic():
            yield from settling.settle([(lifecycle.label, pk) for pk in pks])
        after = pks[-1]


def _next(lifecycle: Lifecycle, after: int) -> list[int]:
    """The primary keys of the next objects that wait for somebody or have items, in order."""
    waiting = {f"{lifecycle.field_name}__in": lifecycle.states_that_wait()}
    objects = lifecycle.model._default_manager.filter(pk__gt=after, **waiting).order_by("pk")
    having = WorkItem.objects.filter(lifecycle=lifecycle.label, object_id__gt=after).order_by("object_id")
    keys = {
        *objects.values_list("pk", flat=True)[:AT_ONCE],
        *having.values_list("object_id", flat=True).distinct()[:AT_ONCE],
    }
    return sorted(keys)[:AT_ONCE]
