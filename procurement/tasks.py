"""Background tasks of purchases: each minute follow the clock."""

from foundation.scheduling import routines
from procurement.purchases import scheduled

routines.each_minute("procurement.follow_the_clock", scheduled.follow_the_clock)
