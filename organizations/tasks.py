"""Scheduled work of organizations."""

from datetime import date, time

from foundation.scheduling import routines
from organizations.providers import accreditation
from organizations.service_accounts import issuing


def notify_of_expiry(day: date) -> None:
    """Every morning: notify providers whose accreditation runs out soon."""
    accreditation.notify_of_expiry()


routines.each_day("organizations.tell_of_expiry", notify_of_expiry, at=time(7, 20))


def follow_service_accounts(day: date) -> None:
    """Every night: end the accounts of programs whose last day has passed, and notify of those that end soon."""
    issuing.follow_the_day()


routines.each_day("organizations.follow_service_accounts", follow_service_accounts, at=time(0, 10))
