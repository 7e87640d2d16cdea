"""Background work of the ground floor, and what runs on a schedule.

No task holds a ``lock``: a worker that is killed would keep it. Whoever must not work beside
another takes a lock of the database that ends with its connection (``holding``).
"""

from __future__ import annotations

from datetime import time

from procrastinate.contrib.django import app

from foundation.deadlines import clocks
from foundation.documents import making
from foundation.drafts import keeping
from foundation.isolation import noted
from foundation.messaging import sending
from foundation.scheduling import routines, stalled

#: Clocks go before documents, texts and figures, however many wait.
FIRST = 10


@app.task(queue="documents", retry=2)
def render_document(document_id: int) -> None:
    """Render one requested document."""
    making.render_waiting(document_id)


@app.task(queue="messages")
def send_message(message_id: int) -> None:
    """Hand one text to the city's gateway."""
    sending.deliver(message_id)


@app.periodic(cron="* * * * *")
@app.task(queue="clocks", queueing_lock="tick", priority=FIRST)
def tick(timestamp: int) -> None:
    """Remind, register overdue matters, make the clock's own moves, and follow the days."""
    routines.run_minute()


@app.periodic(cron="* * * * *")
@app.task(queue="clocks", queueing_lock="take_up", priority=FIRST)
def take_up(timestamp: int) -> None:
    """Take up what killed workers, faults and outages have left undone."""
    for work in (stalled.take_up, making.take_up, sending.take_up):
        with noted("take_up", part=work.__module__):
            work()


@app.periodic(cron="* * * * *")
@app.task(queue="figures", queueing_lock="daily")
def daily(timestamp: int) -> None:
    """What is due of the daily and weekly work, and what was missed of it."""
    routines.run_daily()


routines.each_day("foundation.recompute", lambda day: clocks.recompute(), at=time(0, 10))


routines.each_day("foundation.sweep_drafts", lambda day: keeping.sweep(), at=time(3, 40))


routines.each_day("foundation.sweep_jobs", lambda day: stalled.sweep(), at=time(3, 50))
