"""Background work of the ground floor, and what runs on a schedule."""

from __future__ import annotations

from procrastinate.contrib.django import app

from foundation.deadlines import clocks
from foundation.documents import making
from foundation.documents.models import Document


@app.task(queue="documents", retry=2)
def render_document(document_id: int) -> None:
    """Render one requested document."""
    making.render(Document.objects.get(pk=document_id))


@app.periodic(cron="* * * * *")
@app.task(queue="clocks", queueing_lock="tick", lock="tick")
def tick(timestamp: int) -> None:
    """Remind, register overdue matters and make the clock's own moves."""
    clocks.tick()
