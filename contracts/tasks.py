"""Background tasks of contracts: each minute follow the days, each day at 00:10 look after ends."""

from datetime import date, time

from procrastinate.contrib.django import app

from contracts.contracts import running
from foundation.scheduling import routines


@app.task(queue="clocks")
def bring_into_force() -> None:
    """Follow the days at once after a signature, for contracts that begin today."""
    running.follow_the_days()


routines.each_minute("contracts.follow_the_days", running.follow_the_days)


def look_after_ends(day: date) -> None:
    """Move open work off lines that have ended, and announce ends that are near."""
    running.follow_the_lines()
    running.tell_of_ends()


routines.each_day("contracts.ends", look_after_ends, at=time(0, 10))
