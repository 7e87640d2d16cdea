"""Background work of evaluations."""

from datetime import time, timedelta

from evaluations.exits import exiting
from evaluations.indicators import tallies
from evaluations.warnings import warning
from foundation.scheduling import routines

routines.each_minute("evaluations.end_what_is_over", exiting.end_what_is_over)


# The day that has ended is added to the figures; once a week they are summed anew.
routines.each_day("evaluations.carry_on", lambda day: tallies.roll_forward(), at=time(2, 30))


routines.each_week("evaluations.sum_anew", lambda day: tallies.rebuild(), weekday=6, at=time(3, 30))


# On Mondays what left its limits in the week before; each week that was missed is looked at.
routines.each_week(
    "evaluations.watch",
    lambda monday: warning.watch(monday - timedelta(days=7)),
    weekday=0,
    at=time(6),
    of_its_day=True,
)
