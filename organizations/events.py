"""Floors above say here what keeps a provider's door shut. Nothing calls upward."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Listener = Callable[[Any], None]

_BEFORE_RESUMING: list[Listener] = []


def before_resuming(listener: Listener) -> Listener:
    """Register ``listener(provider)``, which refuses while its suspension has to last."""
    _BEFORE_RESUMING.append(listener)
    return listener


def about_to_resume(provider: Any) -> None:
    """Ask everybody above; raises what they refuse with."""
    for listener in _BEFORE_RESUMING:
        listener(provider)
