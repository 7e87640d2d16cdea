"""Hooks of the lists for what knows providers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from foundation.hooks import Hook

if TYPE_CHECKING:
    from foundation.lifecycle.models import LifecycleModel
    from organizations.listings.models import Listing

#: Gives what waits, or stands still, because an organization stands in a list.
open_work: Hook[[Listing], Sequence[LifecycleModel]] = Hook()

#: Called after an organization was entered in a list, was removed from it, or an entry was withdrawn.
changed: Hook[[Listing], None] = Hook()
