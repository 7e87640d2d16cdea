"""Background work of purchases."""

from foundation import routines
from procurement import following

routines.each_minute("procurement.follow_the_clock", following.follow_the_clock)
