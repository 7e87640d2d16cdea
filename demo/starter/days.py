"""The days of the starter's story, counted back from today."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from foundation import moments


def first_day() -> date:
    """The day on which the starter's edition and contracts begin: ten months ago."""
    return (moments.today() - timedelta(days=300)).replace(day=1)


def at(day: date, hour: int = 10) -> datetime:
    """A moment of a day, at ten o'clock unless another hour is given."""
    return datetime.combine(day, time(hour, 0), moments.SHANGHAI)


#: The working hours.
OPENS, CLOSES = time(8, 30), time(17, 30)


def by_day(moment: datetime) -> datetime:
    """The moment moved into the working hours of its day, with the order of moments kept.

    The whole day is mapped onto the working hours; today only up to now.
    """
    local, now = moment.astimezone(moments.SHANGHAI), moments.now().astimezone(moments.SHANGHAI)
    day = local.date()
    begins, opens, closes = (
        datetime.combine(day, time_, moments.SHANGHAI) for time_ in (time(), OPENS, CLOSES)
    )
    ends = begins + timedelta(days=1)
    if day == now.date():
        if now <= opens:
            return moment
        closes = ends = now
    return opens + (closes - opens) * ((local - begins) / (ends - begins))
