"""Who heard of what happened to an object, for tests."""

from __future__ import annotations

from foundation.inbox.models import Notice
from foundation.lifecycle.models import LifecycleModel
from foundation.roles import Role


def told_last(obj: LifecycleModel) -> set[tuple[int | None, int | None]]:
    """The places and people of windows that the last thing which happened to an object was told to."""
    told = Notice.objects.filter(lifecycle=obj._meta.label, object_id=obj.pk, role=Role.WINDOW)
    return set(told.filter(texts=told.latest("pk").texts).values_list("place_id", "user_id"))
