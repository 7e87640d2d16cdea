"""Background work of contracts."""

from procrastinate.contrib.django import app

from contracts import running
from foundation import routines


@app.task(queue="clocks")
def bring_into_force() -> None:
    """After a signature for today, without waiting for the minute."""
    running.follow_the_days()


routines.each_minute("contracts.follow_the_days", running.follow_the_days)
