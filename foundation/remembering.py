"""Reading once what holds while a page is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar

R = TypeVar("R")


class Remembered(Generic[R]):
    """What ``read`` gives, read once at most within ``meanwhile``."""

    def __init__(self, name: str, read: Callable[[], R]) -> None:
        self._read = read
        self._found: ContextVar[list[R] | None] = ContextVar(name, default=None)

    @contextmanager
    def meanwhile(self) -> Iterator[None]:
        """Remember it until the block ends."""
        token = self._found.set([])
        try:
            yield
        finally:
            self._found.reset(token)

    def get(self) -> R | None:
        """What was read first within ``meanwhile``; None outside of it."""
        found = self._found.get()
        if found is None:
            return None
        if not found:
            found.append(self._read())
        return found[0]
