"""Background work of the catalog."""

from datetime import time

from procrastinate.contrib.django import app

from catalog import documents, editions, renewal
from foundation import routines


@app.task(queue="clocks")
def bring_into_force() -> None:
    """After an approval for today, without waiting for the minute."""
    editions.bring_into_force()


@app.task(queue="clocks")
def look_at_renewals() -> None:
    """After a change of the edition in force: who has to renew what."""
    renewal.look_at_renewals()


@app.task(queue="documents")
def make_notice(edition_id: int) -> None:
    """The official notice of an edition as PDF, so that the public need not wait."""
    documents.make_notice(edition_id)


routines.each_minute("catalog.bring_into_force", editions.bring_into_force)
routines.each_day(
    "catalog.look_at_renewals", lambda day: renewal.look_at_renewals(), at=time(0, 20)
)
