"""Background tasks of evaluations: the nightly totals, the weekly control charts, and listings whose ban is
over.
"""

from datetime import time, timedelta

from evaluations.exits import exiting
from evaluations.indicators import tallies
from evaluations.warnings import warning
from foundation.scheduling import routines

routines.each_minute("evaluations.end_what_is_over", exiting.end_what_is_over)


# Adds the day that has ended to the daily totals; once a week sums them anew.
routines.each_day("evaluations.carry_on", lambda day: tallies.roll_forward(), at=time(2, 30))


routines.each_week("evaluations.sum_anew", lambda day: tallies.rebuild(), weekday=6, at=time(3, 30))


# On Mondays raises signals for the week before, and for every week that was missed.
routines.each_week(
    "evaluations.watch",
    lambda monday: warning.watch(monday - timedelta(days=7)),
    weekday=0,
    at=time(6),
    of_its_day=True,
)
