"""Background work of the catalog."""

from datetime import time

from procrastinate.contrib.django import app

from catalog.editions import documents as editions_documents
from catalog.editions import publishing
from catalog.offers import renewal
from foundation.scheduling import routines


@app.task(queue="clocks")
def bring_into_force() -> None:
    """After an approval for today, without waiting for the minute."""
    follow_the_days()


@app.task(queue="clocks")
def look_at_renewals() -> None:
    """After a change of the edition in force: who has to renew what."""
    renewal.look_at_renewals()


@app.task(queue="documents")
def make_notice(edition_id: int) -> None:
    """The official notice of an edition as PDF, so that the public need not wait."""
    editions_documents.make_notice(edition_id)


def follow_the_days() -> None:
    """Editions whose day has come take effect, and who has to renew what is looked at.

    Looked at here and not by a job of ``carry_over`` alone: the worker queues on a connection of
    its own, so that such a job may begin before the edition is committed.
    """
    if publishing.bring_into_force():
        renewal.look_at_renewals()


routines.each_minute("catalog.follow_the_days", follow_the_days)


routines.each_day("catalog.look_at_renewals", lambda day: renewal.look_at_renewals(), at=time(0, 20))
