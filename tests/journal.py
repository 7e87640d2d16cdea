"""The journal of one object, as tests read it."""

from __future__ import annotations

from django.db.models import Model

from foundation.journal.models import Entry


def moves_of(obj: Model) -> list[str]:
    """The moves in the journal of one object, in order."""
    entries = Entry.objects.filter(lifecycle=obj._meta.label, object_id=obj.pk)
    return list(entries.order_by("id").values_list("move", flat=True))
