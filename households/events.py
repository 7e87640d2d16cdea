"""What happens to a household is told to the floors above, which say here what they do.

Nothing calls upward: whoever holds open work on a household registers what to do
when a consent ends or somebody dies. It runs in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Listener = Callable[..., None]

_ON_WITHDRAWAL: list[Listener] = []
_ON_DEATH: list[Listener] = []
_BEFORE_CLOSING: list[Listener] = []


def on_withdrawal(listener: Listener) -> Listener:
    """Register ``listener(consent, by)``: what was handed on under it must stop."""
    _ON_WITHDRAWAL.append(listener)
    return listener


def on_death(listener: Listener) -> Listener:
    """Register ``listener(household, person, by)``."""
    _ON_DEATH.append(listener)
    return listener


def before_closing(listener: Listener) -> Listener:
    """Register ``listener(household)``, which refuses while it holds open work."""
    _BEFORE_CLOSING.append(listener)
    return listener


def about_to_close(household: Any) -> None:
    """Ask everybody above; raises what they refuse with."""
    for listener in _BEFORE_CLOSING:
        listener(household)


def consent_ended(consent: Any, by: Any) -> None:
    """Tell everybody above that a consent no longer holds."""
    for listener in _ON_WITHDRAWAL:
        listener(consent, by)


def somebody_died(household: Any, person: Any, by: Any) -> None:
    """Tell everybody above that a person of the household has died."""
    for listener in _ON_DEATH:
        listener(household, person, by)
