"""When the starter's story happens, counted back from today."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from foundation import moments


def first_day() -> date:
    """The day on which the starter's edition and contracts begin: ten months ago."""
    return (moments.today() - timedelta(days=300)).replace(day=1)


def at(day: date, hour: int = 10) -> datetime:
    """A moment of a working morning on a day."""
    return datetime.combine(day, time(hour, 0), moments.SHANGHAI)
