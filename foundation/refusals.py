"""How a action says no: one family of exceptions, in words for the person who asked.

Pages show a refusal at the form, the API answers it as a problem document
(RFC 9457). A refusal rolls its transaction back, so it leaves no trace; but for one that
counts a wrong try and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

#: A text for people, translated now or when it is shown.
Words: TypeAlias = "str | _StrPromise"


class Refused(Exception):
    """The act is refused. ``fields`` maps a field's name to what is wrong there.

    ``rule`` names the clause or law behind the refusal; ``allowed`` names the
    moves that are possible now instead. With ``leaves_trace`` what was written before the
    refusal stays: a wrong try that must count. Whoever raises it has changed nothing else.
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


class Invalid(Refused):
    """What was given is wrong; the fields say where and how to mend it."""

    status = 400
    kind = "invalid"


class NotYours(Refused):
    """This person, in this role, may not do this to this object."""

    status = 403
    kind = "not-yours"


class NotNow(Refused):
    """The object is in a state from which this move does not start."""

    kind = "not-now"


class Exhausted(Refused):
    """Quota, places or money do not suffice."""

    kind = "exhausted"


class TooOften(Refused):
    """Asked more often than one person needs to."""

    status = 429
    kind = "too-often"


class KeyReused(Refused):
    """The same idempotency key came with other content."""

    status = 422
    kind = "key-reused"
