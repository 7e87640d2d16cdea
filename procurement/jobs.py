"""Background work of purchases."""

from procrastinate.contrib.django import app

from procurement import following


@app.periodic(cron="* * * * *")
@app.task(queue="clocks", name="procurement.follow_the_clock.every_minute")
def follow_the_clock(timestamp: int) -> None:
    """Deadlines of bids and objections, to the minute."""
    following.follow_the_clock()
