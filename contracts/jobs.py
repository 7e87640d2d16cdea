"""Background work of contracts."""

from procrastinate.contrib.django import app

from contracts import running


@app.periodic(cron="2 0 * * *")
@app.task(queue="clocks", name="contracts.follow_the_days.daily")
def follow_the_days(timestamp: int) -> None:
    """Just after midnight, contracts begin and end."""
    running.follow_the_days()


@app.task(queue="clocks")
def bring_into_force() -> None:
    """The same, after a signature for today."""
    running.follow_the_days()
