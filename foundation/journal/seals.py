"""Which entries of the journal a reader may not see yet, or never: one rule for every door.

A floor above says it of its own kinds of object; page, API and timeline all ask here.
"""

from __future__ import annotations

from django.db.models import Q

from foundation.hooks import Hook
from foundation.roles import Actor

#: Gives what a reader may not see (None: nobody in particular); an empty ``Q`` hides nothing.
sealed: Hook[[Actor | None], Q] = Hook()


def closed_to(reader: Actor | None) -> list[Q]:
    """What the rules of all floors close to ``reader``."""
    return [found for found in sealed.call(reader) if found]
