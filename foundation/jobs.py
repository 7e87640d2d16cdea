"""Background work of the ground floor, and what runs on a schedule."""

from __future__ import annotations

from procrastinate.contrib.django import app

from foundation import drafts
from foundation.deadlines import clocks
from foundation.documents import making
from foundation.documents.models import Document
from foundation.messaging import sending


@app.task(queue="documents", retry=2)
def render_document(document_id: int) -> None:
    """Render one requested document."""
    making.render(Document.objects.get(pk=document_id))


@app.task(queue="messages", retry=sending.MOST_TRIES)
def send_message(message_id: int) -> None:
    """Hand one text to the city's gateway."""
    sending.deliver(message_id)


@app.periodic(cron="* * * * *")
@app.task(queue="clocks", queueing_lock="tick", lock="tick")
def tick(timestamp: int) -> None:
    """Remind, register overdue matters and make the clock's own moves."""
    clocks.tick()


@app.periodic(cron="10 0 * * *")
@app.task(queue="clocks", queueing_lock="recompute")
def recompute_deadlines(timestamp: int) -> None:
    """Each night, deadlines that crossed a year not announced are looked at again."""
    clocks.recompute()


@app.periodic(cron="40 3 * * *")
@app.task(queue="clocks", queueing_lock="sweep_drafts")
def sweep_drafts(timestamp: int) -> None:
    """Each night, forms that nobody has sent for long are deleted."""
    drafts.sweep()
