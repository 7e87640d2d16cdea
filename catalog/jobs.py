"""Background work of the catalog."""

from procrastinate.contrib.django import app

from catalog import documents, editions, renewal


@app.periodic(cron="1 0 * * *")
@app.task(queue="clocks", name="catalog.bring_into_force.daily")
def bring_into_force_daily(timestamp: int) -> None:
    """Just after midnight, editions whose day has come take effect."""
    editions.bring_into_force()


@app.task(queue="clocks")
def bring_into_force() -> None:
    """The same, after an approval for today."""
    editions.bring_into_force()


@app.task(queue="clocks")
def look_at_renewals() -> None:
    """After a change of the edition in force: who has to renew what."""
    renewal.look_at_renewals()


@app.task(queue="documents")
def make_notice(edition_id: int) -> None:
    """The official notice of an edition as PDF, so that the public need not wait."""
    documents.make_notice(edition_id)
