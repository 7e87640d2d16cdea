"""Refusals: the exceptions by which actions refuse, with words for the person who asked.

Pages show a refusal at the form, the API answers with problem details (RFC 9457). A refusal rolls
its transaction back, except one with ``leaves_trace``.
"""

from __future__ import annotations

import math
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase
    from django.utils.functional import _StrPromise

#: A text for people, translated already or when it is shown.
Words: TypeAlias = "str | _StrPromise"

#: A text that is translated when it is shown, and not before: what others read than whoever acts.
Unsaid: TypeAlias = "_StrPromise"


class Refused(Exception):
    """The action is refused. ``fields`` maps names of fields to what is wrong there.

    ``rule`` names the clause or law behind the refusal; ``allowed`` names the transitions that are
    possible instead. With ``leaves_trace`` the transaction is committed, so that a wrong try counts;
    whoever raises it has changed nothing else.
    """

    status = 409
    kind = "refused"

    def __init__(
        self,
        message: Words,
        *,
        fields: Mapping[str, Words] | None = None,
        rule: str = "",
        allowed: Sequence[str] = (),
        leaves_trace: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})
        self.rule = rule
        self.allowed = tuple(allowed)
        self.leaves_trace = leaves_trace

    def for_the_log(self) -> dict[str, str]:
        """Its kind, its rule and where it was raised; not its words, which may name a person."""
        *_outer, (frame, line) = traceback.walk_tb(self.__traceback__)
        at = f"{frame.f_globals['__name__']}:{line}"
        return {"refusal": self.kind, "rule": self.rule, "at": at}


class Invalid(Refused):
    """The input is wrong; ``fields`` says where and how to correct it."""

    status = 400
    kind = "invalid"


class NotYours(Refused):
    """This person, in this role, may not do this to this object."""

    status = 403
    kind = "not-yours"


class NotNow(Refused):
    """The object is in a state from which this transition does not start."""

    kind = "not-now"


class Exhausted(Refused):
    """Quota, places or money do not suffice."""

    kind = "exhausted"


@dataclass(frozen=True)
class Limit:
    """How often something may be done: ``most`` times in so many ``seconds``. ``name`` is one in small letters, with
    hyphens.
    """

    name: str
    most: int
    seconds: int


def whole_minutes(seconds: float) -> int:
    """So many seconds in whole minutes, one at least, which have passed when the seconds have."""
    return max(1, math.ceil(seconds / 60))


class TooOften(Refused):
    """More often than a limit allows; it may be done again in ``again_in`` seconds."""

    status = 429
    kind = "too-often"

    def __init__(self, message: Words, *, limit: Limit, again_in: float, **more: Any) -> None:
        super().__init__(message, **more)
        self.limit, self.again_in = limit, max(1, math.ceil(again_in))

    @property
    def minutes(self) -> int:
        """The minutes after which it may be done again, as people are told them."""
        return whole_minutes(self.again_in)

    @property
    def headers(self) -> dict[str, str]:
        """It for programs: ``Retry-After`` (RFC 9110), and the IETF's ``RateLimit`` fields of its draft."""
        limit = self.limit
        return {
            "Retry-After": str(self.again_in),
            "RateLimit-Policy": f'"{limit.name}";q={limit.most};w={limit.seconds}',
            "RateLimit": f'"{limit.name}";r=0;t={self.again_in}',
        }

    def tell(self, answer: HttpResponseBase) -> None:
        """Write it into the headers of an answer."""
        for name, value in self.headers.items():
            answer.headers[name] = value


class KeyReused(Refused):
    """The idempotency key was used before with other content."""

    status = 422
    kind = "key-reused"
