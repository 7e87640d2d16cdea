"""What happens to a contract is told to the floors above, which say here what they do.

Nothing calls upward; it runs in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from foundation.roles import Actor

Listener = Callable[..., None]

_ON_SIGNED: list[Listener] = []
_ON_CANCELLED: list[Listener] = []
_BEFORE_END: list[Listener] = []
_ON_END: list[Listener] = []
_BEFORE_SETTLING: list[Listener] = []
_BEFORE_RENEWING: list[Listener] = []
_BEFORE_AMENDING: list[Listener] = []


def on_signed(listener: Listener) -> Listener:
    """Register ``listener(contract)``: both sides have signed."""
    _ON_SIGNED.append(listener)
    return listener


def signed(contract: Any) -> None:
    """Both sides have signed."""
    for listener in _ON_SIGNED:
        listener(contract)


def on_cancelled(listener: Listener) -> Listener:
    """Register ``listener(contract, reason)``: it was dropped before both had signed."""
    _ON_CANCELLED.append(listener)
    return listener


def cancelled(contract: Any, reason: str) -> None:
    """It was dropped before both had signed; its money is free."""
    for listener in _ON_CANCELLED:
        listener(contract, reason)


def before_end(listener: Listener) -> Listener:
    """Register ``listener(contract)``: its last day comes near; who is served on it must be told."""
    _BEFORE_END.append(listener)
    return listener


def nears_its_end(contract: Any) -> None:
    """The last day comes near, and nobody was told of that day yet."""
    for listener in _BEFORE_END:
        listener(contract)


def on_end(listener: Listener) -> Listener:
    """Register ``listener(line_ids, by, why)``: no units are to be had on these lines any more."""
    _ON_END.append(listener)
    return listener


def ended(line_ids: list[int], by: Actor, why: str) -> None:
    """A contract, or a line before its contract, has ended: nothing open may stay on it."""
    for listener in _ON_END:
        listener(line_ids, by, why)


def before_settling(listener: Listener) -> Listener:
    """Register ``listener(contract)``, which refuses while work may still be told."""
    _BEFORE_SETTLING.append(listener)
    return listener


def about_to_settle(contract: Any) -> None:
    """Ask everybody above; raises what they refuse with."""
    for listener in _BEFORE_SETTLING:
        listener(contract)


def before_renewing(listener: Listener) -> Listener:
    """Register ``listener(contract)``, which refuses where what it came of goes on another way."""
    _BEFORE_RENEWING.append(listener)
    return listener


def about_to_renew(contract: Any) -> None:
    """Ask everybody above; raises what they refuse with."""
    for listener in _BEFORE_RENEWING:
        listener(contract)


def before_amending(listener: Listener) -> Listener:
    """Register ``listener(contract, more, end_on)``, which refuses what goes beyond where it came
    of: ``more`` is how many units each line gets more (``{line: units}``).
    """
    _BEFORE_AMENDING.append(listener)
    return listener


def about_to_amend(contract: Any, more: dict[int, int], end_on: date) -> None:
    """Ask everybody above; raises what they refuse with."""
    for listener in _BEFORE_AMENDING:
        listener(contract, more, end_on)
