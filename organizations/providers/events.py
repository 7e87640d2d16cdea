"""Hooks on which floors above act or object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from foundation.hooks import Hook
from foundation.refusals import Refused

if TYPE_CHECKING:
    from foundation.lifecycle.models import LifecycleModel
    from organizations.providers.models import Provider

#: Why suspended providers do not resume yet, by primary key.
missing_for_resuming: Hook[[Sequence[Provider]], Mapping[int, Refused]] = Hook()


#: Gives what waits for somebody, or stands still, because of how a provider stands.
open_work: Hook[[Provider], Sequence[LifecycleModel]] = Hook()
