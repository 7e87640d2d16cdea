"""What waits for whom, as tests ask it."""

from __future__ import annotations

from typing import Any

from foundation.roles import Actor
from foundation.work_items.models import WorkItem


def steps_for(actor: Actor, obj: Any) -> set[str]:
    """The steps with an object that wait for an actor; empty if none does."""
    items = WorkItem.objects.to_do(actor).filter(lifecycle=obj._meta.label, object_id=obj.pk)
    return {item.step for item in items}
