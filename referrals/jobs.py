"""Background work of referrals."""

from django.db import transaction
from procrastinate.contrib.django import app

from referrals import publishing


@app.periodic(cron="20 1 * * *")
@app.task(queue="clocks", queueing_lock="keep_results")
def keep_results(timestamp: int) -> None:
    """Each night; the results of a month are counted in the first one after it is settled."""
    with transaction.atomic():
        publishing.keep()
