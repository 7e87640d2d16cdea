"""Scheduled work of organizations."""

from datetime import date, time

from foundation.scheduling import routines
from organizations.providers import accreditation


def notify_of_expiry(day: date) -> None:
    """Every morning: notify providers whose accreditation runs out soon."""
    accreditation.notify_of_expiry()


routines.each_day("organizations.tell_of_expiry", notify_of_expiry, at=time(7, 20))
