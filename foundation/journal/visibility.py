"""Entries of the journal that a reader may not see, or not yet.

Floors above declare them for their own models; page, API and timeline ask here.
"""

from __future__ import annotations

from django.db.models import Q

from foundation.hooks import Hook
from foundation.roles import Actor

#: Gives the entries hidden from a reader (None: from anybody); an empty ``Q`` hides none.
hidden_entries: Hook[[Actor | None], Q] = Hook()


def hidden_from(reader: Actor | None) -> list[Q]:
    """The conditions of all floors that hide entries from ``reader``."""
    return [found for found in hidden_entries.call(reader) if found]
