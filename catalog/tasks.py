"""Background tasks of the catalog: editions come into force, offers are renewed, notices are made."""

from datetime import time

from procrastinate.contrib.django import app

from catalog.editions import counting, publishing
from catalog.editions import documents as editions_documents
from catalog.offers import renewal
from foundation.scheduling import routines


@app.task(queue="clocks")
def bring_into_force() -> None:
    """Follow the days at once after an approval, for editions that begin today."""
    follow_the_days()


@app.task(queue="clocks")
def look_at_renewals() -> None:
    """Ask for renewals after another edition has come into force."""
    renewal.look_at_renewals()
    follow_the_names.configure(schedule_in={"minutes": 1}).defer()


@app.task(queue="figures")
def follow_the_names() -> None:
    """Show the names of the edition in force in what waits; a minute later, since it is committed by then."""
    renewal.follow_the_names()


@app.task(queue="documents")
def make_notice(edition_id: int) -> None:
    """Make the official notice of an edition as a PDF, so that the public need not wait."""
    editions_documents.make_notice(edition_id)


@app.task(queue="figures")
def count_effect(edition_id: int) -> None:
    """Count the effect of an edition."""
    counting.count_waiting(edition_id)


def follow_the_days() -> None:
    """Bring editions whose day has come into force, and ask for the renewals that follow.

    The task that ``carry_over`` defers is not enough: the worker queues on a connection of its own, so that
    task may begin before the edition is committed.
    """
    if publishing.bring_into_force():
        renewal.look_at_renewals()


routines.each_minute("catalog.follow_the_days", follow_the_days)


# Whoever approves an edition finds its effect counted.
routines.each_minute("catalog.keep_effects_counted", counting.keep_counted)


routines.each_day("catalog.look_at_renewals", lambda day: renewal.look_at_renewals(), at=time(0, 20))
