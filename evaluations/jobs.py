"""Background work of evaluations."""

from procrastinate.contrib.django import app

from evaluations import exiting, tallies, warning


@app.periodic(cron="30 2 * * *")
@app.task(queue="figures", queueing_lock="figures")
def carry_on_tallies(timestamp: int) -> None:
    """Every night, the figures of providers are carried on by a day."""
    tallies.carry_on()


@app.periodic(cron="30 3 * * 0")
@app.task(queue="figures", queueing_lock="figures-anew")
def sum_tallies_anew(timestamp: int) -> None:
    """Every week they are summed anew, with what was corrected afterwards."""
    tallies.sum_anew()


@app.periodic(cron="0 6 * * 1")
@app.task(queue="figures", queueing_lock="warning")
def watch_last_week(timestamp: int) -> None:
    """Every Monday, what left its limits in the week before is raised."""
    warning.watch()


@app.periodic(cron="15 0 * * *")
@app.task(queue="figures", queueing_lock="exits")
def end_listings(timestamp: int) -> None:
    """Every night, bans that are over end."""
    exiting.end_what_is_over()
