"""Background tasks of referrals: names of kinds of need, the published results of a month, missing help, how fast
providers answer.
"""

from datetime import date, time

from django.db import transaction
from procrastinate.contrib.django import app

from foundation.scheduling import routines
from referrals.matching import pace
from referrals.needs import missing, names
from referrals.results import publishing


@app.task(queue="figures")
def follow_the_names() -> None:
    """Show what the city calls kinds of need in all that waits."""
    names.follow_the_names()


def keep_results(day: date) -> None:
    """Count the results of a month in the first night after it is settled."""
    with transaction.atomic():
        publishing.keep()


routines.each_day("referrals.keep_results", keep_results, at=time(1, 20))


routines.each_day("referrals.look_for_missing_help", lambda day: missing.look_again(), at=time(1, 40))


routines.each_day("referrals.count_answers", lambda day: pace.count_again(), at=time(1, 45))
