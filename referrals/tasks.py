"""Background tasks of referrals: the published results of a month."""

from datetime import date, time

from django.db import transaction

from foundation.scheduling import routines
from referrals.results import publishing


def keep_results(day: date) -> None:
    """Count the results of a month in the first night after it is settled."""
    with transaction.atomic():
        publishing.keep()


routines.each_day("referrals.keep_results", keep_results, at=time(1, 20))
