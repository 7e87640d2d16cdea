"""Background tasks of purchases: each minute follow the clock, each day count the red flags anew."""

from datetime import time

from procrastinate.contrib.django import app

from foundation.scheduling import routines
from procurement.oversight import counting
from procurement.purchases import scheduled


@app.task(queue="figures")
def count_red_flags() -> None:
    """Count all red flags, as after a change of their rules."""
    counting.count_all()


routines.each_minute("procurement.follow_the_clock", scheduled.follow_the_clock)


routines.each_minute("procurement.keep_flags_counted", counting.keep_counted)


routines.each_day("procurement.count_red_flags", lambda day: counting.count_all(), at=time(2, 10))
