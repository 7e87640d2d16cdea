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


#: When people work and visit.
OPENS, CLOSES = time(8, 30), time(17, 30)


def by_day(moment: datetime) -> datetime:
    """The same day at an hour at which people work: what came later that day stays later.

    Midnight to midnight is pressed into the working hours; today only as far as it has come.
    """
    local, now = moment.astimezone(moments.SHANGHAI), moments.now().astimezone(moments.SHANGHAI)
    day = local.date()
    begins, opens, closes = (
        datetime.combine(day, each, moments.SHANGHAI) for each in (time(), OPENS, CLOSES)
    )
    ends = begins + timedelta(days=1)
    if day == now.date():
        if now <= opens:
            return moment
        closes = ends = now
    return opens + (closes - opens) * ((local - begins) / (ends - begins))
