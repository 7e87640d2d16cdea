"""Scheduled work: each minute, each day and each week, in Asia/Shanghai.

Packages register it in their ``tasks.py`` (``each_minute``, ``each_day``, ``each_week``); the
worker calls ``run_minute`` and ``run_daily`` every minute. All state is in the database and locks
end with their holder, so what an outage missed is made up at the next minute, by date and once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import structlog

from foundation import moments
from foundation.advisory_locks import held_alone
from foundation.deadlines import clocks
from foundation.scheduling.models import Routine

log = structlog.stdlib.get_logger(__name__)


#: The name of the routine that runs the clocks of deadlines.
CLOCKS = "clocks"


#: How long the clocks may not have run before civil affairs is notified.
SILENCE = timedelta(minutes=5)


#: Missed days that are made up at most, and the longest wait after failures.
MOST_MADE_UP, LONGEST_WAIT = 26, timedelta(hours=1)


Work = Callable[[date], object]


@dataclass(frozen=True)
class Daily:
    """Work at a time of day (Asia/Shanghai), on one weekday (0 is Monday) or every day.

    With ``of_its_day`` it treats the day it is given, and every missed day is made up; otherwise it
    treats all there is, and once is enough.
    """

    name: str
    work: Work
    at: time
    weekday: int | None = None
    of_its_day: bool = False

    def missed(self, last: date | None, now: datetime) -> list[date]:
        """The days since ``last`` for which it is still to be done, oldest first."""
        local = now.astimezone(moments.SHANGHAI)
        day = local.date() if local.time() >= self.at else local.date() - timedelta(days=1)
        step = 1
        if self.weekday is not None:
            day -= timedelta(days=(day.weekday() - self.weekday) % 7)
            step = 7
        if last is not None and last > day + timedelta(days=step):
            last = None  # it was done while the machine's clock was wrong
        if last is not None and day <= last:
            return []
        if last is None or not self.of_its_day:
            return [day]
        count = min(MOST_MADE_UP, -(-(day - last).days // step))
        return [day - timedelta(days=step * n) for n in reversed(range(count))]


MINUTELY: dict[str, Callable[[], object]] = {}


DAILY: dict[str, Daily] = {}


def each_minute(name: str, work: Callable[[], object]) -> None:
    """Register work to be done every minute; it may be done twice, also at once."""
    MINUTELY[name] = work


def each_day(name: str, work: Work, *, at: time) -> None:
    """Register work to be done once a day, from that time of day on."""
    DAILY[name] = Daily(name, work, at)


def each_week(name: str, work: Work, *, weekday: int, at: time, of_its_day: bool = False) -> None:
    """Register work to be done once a week."""
    DAILY[name] = Daily(name, work, at, weekday, of_its_day)


def run_minute() -> None:
    """Do the work of the minute, the clocks last; a failure is logged and stops nothing else."""
    for name, work in MINUTELY.items():
        try:
            work()
        except Exception:
            log.exception("routine.failed", routine=name)
    clocks.tick()
    Routine.objects.update_or_create(name=CLOCKS, defaults={"ran_at": moments.now()})


def standstill() -> datetime | bool:
    """Since when the clocks have not run: False if they run, True if they never ran."""
    ran = Routine.objects.filter(name=CLOCKS).values_list("ran_at", flat=True).first()
    if ran is None:
        return True
    # A time in the future was written while the machine's clock was wrong.
    return ran if abs(moments.now() - ran) > SILENCE else False


def run_daily() -> None:
    """Do what is due of the daily and weekly work, each on one worker only."""
    for daily in DAILY.values():
        with held_alone("routine", daily.name) as acquired:
            if acquired:
                _catch_up(daily)


def _catch_up(daily: Daily) -> None:
    """Do one kind of work for each missed day; a failure ends it until ``again_at``."""
    now = moments.now()
    routine, _new = Routine.objects.get_or_create(name=daily.name)
    days = daily.missed(routine.last_day, now)
    if not days or (routine.again_at and now < routine.again_at <= now + LONGEST_WAIT):
        return
    own = Routine.objects.filter(pk=daily.name)
    # Written before it begins, so that work which kills its worker does not do so each minute.
    wait = min(timedelta(minutes=2 ** min(routine.tries + 1, 10)), LONGEST_WAIT)
    own.update(tries=routine.tries + 1, again_at=now + wait)
    for day in days:
        try:
            daily.work(day)
        except Exception:
            log.exception("routine.failed", routine=daily.name, day=str(day))
            return
        own.update(last_day=day, tries=0, again_at=None, ran_at=moments.now())
