"""Hooks on which floors above act or object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from foundation.hooks import Hook

if TYPE_CHECKING:
    from foundation.lifecycle.models import LifecycleModel
    from organizations.providers.models import Provider

#: Before a suspended provider resumes; a function raises ``Refused`` while it must stay suspended.
before_resuming: Hook[[Provider], None] = Hook()


#: Gives what waits for somebody, or stands still, because of how a provider stands.
open_work: Hook[[Provider], Sequence[LifecycleModel]] = Hook()
