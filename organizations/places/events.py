"""Hooks of places for the packages above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from foundation.hooks import Hook
from foundation.refusals import Words

if TYPE_CHECKING:
    from organizations.places.models import Place

#: Gives in words what of the floors above hangs on places, so that they are not closed, by primary key.
hanging: Hook[[Sequence[Place]], Mapping[int, Sequence[Words]]] = Hook()

#: Called after a place was closed: what was to begin there ends.
closed: Hook[[Place], None] = Hook()
