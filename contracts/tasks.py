"""Background work of contracts."""

from datetime import date, time

from procrastinate.contrib.django import app

from contracts.contracts import running
from foundation.scheduling import routines


@app.task(queue="clocks")
def bring_into_force() -> None:
    """After a signature for today, without waiting for the minute."""
    running.follow_the_days()


routines.each_minute("contracts.follow_the_days", running.follow_the_days)


def look_after_ends(day: date) -> None:
    """Who is served on a line that has ended goes elsewhere; of ends that come near people are told."""
    running.follow_the_lines()
    running.tell_of_ends()


routines.each_day("contracts.ends", look_after_ends, at=time(0, 10))
