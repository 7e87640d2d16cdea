"""Background work of the catalog."""

from procrastinate.contrib.django import app

from catalog import editions


@app.periodic(cron="1 0 * * *")
@app.task(queue="clocks", name="catalog.bring_into_force.daily")
def bring_into_force_daily(timestamp: int) -> None:
    """Just after midnight, editions whose day has come take effect."""
    editions.bring_into_force()


@app.task(queue="clocks")
def bring_into_force() -> None:
    """The same, after an approval for today."""
    editions.bring_into_force()
