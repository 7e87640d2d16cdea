"""Reading once what holds while a page is made: the rules and the calendar of the city, what steps lack."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

from django.http import HttpRequest, HttpResponse

K = TypeVar("K")
V = TypeVar("V")
R = TypeVar("R")

#: Methods that change nothing, so that nothing of what is remembered changes meanwhile.
SAFE = ("GET", "HEAD")

#: All that is remembered.
_remembered: list[Remembered[Any]] = []


class Remembered(Generic[R]):
    """What ``read`` gives, read once at most within ``meanwhile``.

    ``steady`` says that no request that changes something goes on to show what it has changed of it.
    """

    def __init__(self, name: str, read: Callable[[], R], *, steady: bool = False) -> None:
        self._read, self.steady = read, steady
        self._found: ContextVar[list[R] | None] = ContextVar(name, default=None)
        _remembered.append(self)

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

    def of_each(
        self: Remembered[dict[K, V]], keys: Collection[K], read: Callable[[list[K]], Mapping[K, V]]
    ) -> dict[K, V]:
        """What ``read`` gives for each of the keys, asked once for each within ``meanwhile``."""
        said = self.get()
        said = {} if said is None else said
        if unasked := [key for key in keys if key not in said]:
            said |= read(unasked)
        return {key: said[key] for key in keys}


class RememberingMiddleware:
    """Remembers everything of the kind while a request is answered that only reads; what is steady in all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reads = request.method in SAFE
        with ExitStack() as meanwhile:
            for one in _remembered:
                if reads or one.steady:
                    meanwhile.enter_context(one.meanwhile())
            return self.get_response(request)
