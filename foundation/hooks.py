"""What a lower floor tells or asks those above it, without knowing them.

A hook is declared where the lower floor says what happens, and called where it happens; a
function of an upper floor is registered by decorating it::

    before_end: Hook[[Contract], None] = Hook()  # contracts/events.py
    events.before_end.call(contract)  # contracts/running.py


    @before_end.register  # referrals/leaving_lines.py
    def tell_who_is_served(contract: Contract) -> None: ...

Everything runs at once and in the caller's transaction: what a function raises goes to the
caller and undoes it all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Hook(Generic[P, R]):
    """The functions of upper floors that are called with ``P`` and answer ``R``."""

    def __init__(self) -> None:
        self._registered: list[Callable[P, R]] = []

    def register(self, function: Callable[P, R]) -> Callable[P, R]:
        """Decorate a function that is to be called from now on."""
        self._registered.append(function)
        return function

    def call(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """Call every function, in the order in which they were registered; what each answers."""
        return [function(*args, **kwargs) for function in self._registered]
