"""The present moment, the same everywhere in the product.

Actions call ``now()`` instead of the system's clock, so that loading past cases and tests can act
as of another moment (``as_of``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The present moment, with time zone."""
    return _moment.get() or timezone.now()


def today() -> date:
    """The present day in Asia/Shanghai."""
    return now().astimezone(SHANGHAI).date()


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Make ``now()`` return ``moment`` (with time zone) in the block."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
