"""Entries of the journal that a reader may not see, or not yet.

Floors above declare them for their own models; page, API and timeline ask here.
"""

from __future__ import annotations

from django.db.models import Q

from foundation.hooks import Hook
from foundation.roles import Actor

#: Gives the entries sealed for a reader (None: for anybody); an empty ``Q`` seals none.
sealed: Hook[[Actor | None], Q] = Hook()


def closed_to(reader: Actor | None) -> list[Q]:
    """The conditions of all floors that seal entries for ``reader``."""
    return [found for found in sealed.call(reader) if found]
