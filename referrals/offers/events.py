"""Hooks of referrals for the packages above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from foundation.hooks import Hook

if TYPE_CHECKING:
    from foundation.lifecycle.models import LifecycleModel
    from organizations.providers.models import Provider

#: Gives what waits until a provider that leaves has no open referral.
waiting_for_hand_over: Hook[[Provider], Sequence[LifecycleModel]] = Hook()
