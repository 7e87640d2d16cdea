"""Hooks of the lists for what knows providers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from foundation.hooks import Hook
from foundation.refusals import Words

if TYPE_CHECKING:
    from foundation.lifecycle.models import LifecycleModel
    from organizations.listings.models import Listing

#: Gives what waits, or stands still, because an organization stands in a list.
open_work: Hook[[Listing], Sequence[LifecycleModel]] = Hook()

#: Gives in words what follows, once rows of a file (``ListingFile.rows``) are entered, for those that are known here.
following: Hook[[Sequence[Mapping[str, str]]], Sequence[Words]] = Hook()

#: Called after an organization was entered in a list, was removed from it, or an entry was withdrawn.
changed: Hook[[Listing], None] = Hook()
