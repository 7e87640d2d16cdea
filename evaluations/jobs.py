"""Background work of evaluations."""

from procrastinate.contrib.django import app

from evaluations import indicators


@app.periodic(cron="30 2 * * *")
@app.task(queue="figures", queueing_lock="figures")
def refresh_figures(timestamp: int) -> None:
    """Every night, the automatic figures of providers."""
    indicators.refresh()
