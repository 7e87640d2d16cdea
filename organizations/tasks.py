"""Background work of organizations."""

from datetime import date, time

from foundation.scheduling import routines
from organizations.providers import accreditation


def tell_of_expiry(day: date) -> None:
    """In the morning, whose accreditation runs out soon."""
    accreditation.tell_of_expiry()


routines.each_day("organizations.tell_of_expiry", tell_of_expiry, at=time(7, 20))
