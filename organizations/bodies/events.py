"""Hooks of bodies for the packages above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from foundation.hooks import Hook
from foundation.refusals import Words

if TYPE_CHECKING:
    from organizations.bodies.models import Organization

#: Gives in words what of the floors above hangs on organizations, so that they are not closed, by primary key.
hanging: Hook[[Sequence[Organization]], Mapping[int, Sequence[Words]]] = Hook()

#: Called after an organization was closed: what was to begin there ends.
closed: Hook[[Organization], None] = Hook()
