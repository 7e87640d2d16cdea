"""How much is left of a limit: told with each answer for which something was counted, as with a refusal."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase

from foundation.refusals import Limit

#: What was counted for the request of this thread; None outside of one.
_counted: ContextVar[list[Count] | None] = ContextVar("counted", default=None)


@dataclass(frozen=True)
class Count:
    """A limit, how often more it allows, and in how many seconds it allows all again at the latest."""

    limit: Limit
    left: int
    until: float

    def tell(self, answer: HttpResponseBase) -> None:
        """Write it into the headers of an answer, in the fields of the IETF's draft."""
        limit = self.limit
        answer.headers["RateLimit-Policy"] = f'"{limit.name}";q={limit.most};w={limit.seconds}'
        answer.headers["RateLimit"] = (
            f'"{limit.name}";r={max(0, self.left)};t={max(1, math.ceil(self.until))}'
        )


def counted(limit: Limit, left: int, until: float) -> None:
    """Note that something was counted, so that the answer tells what is left."""
    counts = _counted.get()
    if counts is not None:
        counts.append(Count(limit, left, until))


def given_back() -> None:
    """Note that what was counted counts no more."""
    counts = _counted.get()
    if counts is not None:
        counts.clear()


class LimitsToldMiddleware:
    """Tells of what was counted the limit of which least is left. A refusal has told its own already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        counts: list[Count] = []
        token = _counted.set(counts)
        try:
            answer = self.get_response(request)
        finally:
            _counted.reset(token)
        if counts and "RateLimit" not in answer.headers:
            min(counts, key=lambda count: count.left).tell(answer)
        return answer
