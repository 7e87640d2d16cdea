"""What time it is, everywhere in the product.

Verbs ask ``now()`` instead of the system, so that a load of past cases and the
tests can act as of another moment without touching the machine's clock.
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
    """The present moment, aware."""
    return _moment.get() or timezone.now()


def today() -> date:
    """The present day in the city (Asia/Shanghai)."""
    return now().astimezone(SHANGHAI).date()


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Act as if it were ``moment`` (aware)."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
