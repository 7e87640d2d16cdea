"""Background tasks of foundation, and the schedule of the worker.

No task uses procrastinate's ``lock``, which a killed worker would keep. Where one must not run
beside another it takes an advisory lock that ends with its connection
(``foundation.advisory_locks.held_alone``).
"""

from __future__ import annotations

from datetime import time

from procrastinate.contrib.django import app

from foundation.documents import making
from foundation.holidays import following
from foundation.isolation import noted
from foundation.messaging import sending
from foundation.retention import sweeping
from foundation.scheduling import routines, stalled
from foundation.work_items import rebuilding

#: Clocks have priority over documents, messages and figures.
FIRST = 10


@app.task(queue="documents", retry=2)
def render_document(document_id: int) -> None:
    """Render one requested document."""
    making.render_waiting(document_id)


@app.task(queue="messages")
def send_message(message_id: int) -> None:
    """Deliver one text message."""
    sending.deliver(message_id)


@app.task(queue="figures")
def follow_holidays() -> None:
    """Move the deadlines that cross the days of confirmed notices, and tell those who wait."""
    following.follow()


@app.task(queue="figures")
def follow_seats() -> None:
    """Make the work items anew that depend on who holds which role, after memberships have changed."""
    rebuilding.follow_the_day()


@app.task(queue="figures")
def follow_names() -> None:
    """Write the work items in the names of now, after an organization or a place was renamed."""
    for _difference in rebuilding.rebuild():
        pass


@app.periodic(cron="* * * * *")
@app.task(queue="clocks", queueing_lock="tick", priority=FIRST)
def tick(timestamp: int) -> None:
    """Do the work of the minute: clocks of deadlines and registered routines."""
    routines.run_minute()


@app.periodic(cron="* * * * *")
@app.task(queue="clocks", queueing_lock="take_up", priority=FIRST)
def take_up(timestamp: int) -> None:
    """Take up what killed workers, errors and outages have left undone."""
    for work in (stalled.take_up, making.take_up, sending.take_up, following.take_up):
        with noted("take_up", part=work.__module__):
            work()


@app.periodic(cron="* * * * *")
@app.task(queue="figures", queueing_lock="daily")
def daily(timestamp: int) -> None:
    """Do what is due, or was missed, of the daily and weekly work."""
    routines.run_daily()


# As soon as the day begins: who is kept from a step and who holds a role follow the date.
routines.each_day("foundation.follow_the_day", lambda day: rebuilding.follow_the_day(), at=time())


routines.each_day("foundation.recompute", lambda day: following.follow_the_package(), at=time(0, 10))


routines.each_day("foundation.sweep", lambda day: sweeping.sweep(), at=time(3, 40))
