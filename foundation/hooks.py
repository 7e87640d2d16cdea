"""Hooks: how a lower floor notifies or asks the floors above without importing them.

A hook is declared in the lower floor's ``events.py`` and called where the event happens; an
upper floor registers a function by decorating it::

    before_end: Hook[[Contract], None] = Hook()  # contracts/contracts/events.py
    events.before_end.call(contract)  # contracts/contracts/running.py


    @before_end.register  # in a module of referrals
    def tell_who_is_served(contract: Contract) -> None: ...

Registered functions run at once and in the caller's transaction: an exception goes to the
caller and rolls everything back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
K = TypeVar("K")
V = TypeVar("V")


class Hook(Generic[P, R]):
    """Functions of upper floors that are called with ``P`` and return ``R``."""

    def __init__(self) -> None:
        self._registered: list[Callable[P, R]] = []

    def register(self, function: Callable[P, R]) -> Callable[P, R]:
        """Decorate a function that the hook is to call."""
        self._registered.append(function)
        return function

    def call(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """Call every function in the order of registration; the list of what they return."""
        return [function(*args, **kwargs) for function in self._registered]

    def merged(self: Hook[P, Mapping[K, V]], *args: P.args, **kwargs: P.kwargs) -> dict[K, V]:
        """What the functions say of several things, as one mapping; of the same thing the last one's word counts."""
        return {key: said for part in self.call(*args, **kwargs) for key, said in part.items()}
