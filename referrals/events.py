"""Floors above say here who may not approve where the work of a provider goes. Nothing calls upward."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foundation.roles import Actor

Listener = Callable[[Any, Actor], None]

_BEFORE_HANDING_OVER: list[Listener] = []


def before_handing_over(listener: Listener) -> Listener:
    """Register ``listener(provider, by)``, which refuses somebody who has another part in it."""
    _BEFORE_HANDING_OVER.append(listener)
    return listener


def about_to_hand_over(provider: Any, by: Actor) -> None:
    """Ask everybody above; raises what they refuse with."""
    for listener in _BEFORE_HANDING_OVER:
        listener(provider, by)
