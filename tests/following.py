"""Work items that are not what their objects give, as after a change that no action told them of."""

from __future__ import annotations

from itertools import groupby

from foundation.journal.models import Entry
from foundation.work_items import rebuilding
from foundation.work_items.settling import Difference


def stale_items() -> list[str]:
    """What a rebuild finds wrong, in words.

    Objects that a test has put there without an action have neither items nor entries in the journal; nothing
    is said of them.
    """
    found: list[str] = []
    for (label, pk), some in groupby(rebuilding.rebuild(), key=_object):
        differences = list(some)
        acted_on = Entry.objects.filter(lifecycle=label, object_id=pk)
        if any(difference.mark != "+" for difference in differences) or acted_on.exists():
            found += [f"{label} {pk}: {difference}" for difference in differences]
    return found


def _object(difference: Difference) -> tuple[str, int]:
    return difference.item.lifecycle, difference.item.object_id
