"""What the clock does by itself: each minute, each day and each week, in the city's time zone.

Packages say in their ``jobs`` what is to be done (``each_minute``, ``each_day``,
``each_week``); the worker calls ``run_minute`` and ``run_daily`` every minute. Nothing is
remembered outside the database and no lock outlives its holder, so what an outage has missed
is made up at the next minute, by date and once.
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


#: The routine of all clocks, whose standing still is told.
CLOCKS = "clocks"


#: Silence of the clocks after which civil affairs is told.
SILENCE = timedelta(minutes=5)


#: Days of a work that are made up at most, and the longest wait after failures.
MOST_MADE_UP, LONGEST_WAIT = 26, timedelta(hours=1)


Work = Callable[[date], object]


@dataclass(frozen=True)
class Daily:
    """Work of a time of day (Asia/Shanghai), on one weekday (0 is Monday) or on every day.

    ``of_its_day`` says that it treats the day it is given: then every missed day is made up;
    else it looks at all there is, and once is enough.
    """

    name: str
    work: Work
    at: time
    weekday: int | None = None
    of_its_day: bool = False

    def missed(self, last: date | None, now: datetime) -> list[date]:
        """The days since ``last`` for which it has still to be done, oldest first."""
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
    """Let ``work`` be done every minute; it has to bear being done twice, also at once."""
    MINUTELY[name] = work


def each_day(name: str, work: Work, *, at: time) -> None:
    """Let ``work`` be done once a day, from that time of the city's day on."""
    DAILY[name] = Daily(name, work, at)


def each_week(name: str, work: Work, *, weekday: int, at: time, of_its_day: bool = False) -> None:
    """Let ``work`` be done once a week."""
    DAILY[name] = Daily(name, work, at, weekday, of_its_day)


def run_minute() -> None:
    """Everything of the minute, the clocks last; what fails stops nothing else."""
    for name, work in MINUTELY.items():
        try:
            work()
        except Exception:
            log.exception("routine.failed", routine=name)
    clocks.tick()
    Routine.objects.update_or_create(name=CLOCKS, defaults={"ran_at": moments.now()})


def standstill() -> datetime | bool:
    """Since when the clocks stand still: False if they run, True if they never ran."""
    ran = Routine.objects.filter(name=CLOCKS).values_list("ran_at", flat=True).first()
    if ran is None:
        return True
    # Ahead of now it was written while the machine's clock was wrong.
    return ran if abs(moments.now() - ran) > SILENCE else False


def run_daily() -> None:
    """Do what is due of the daily and weekly work, each on one worker only."""
    for daily in DAILY.values():
        with held_alone("routine", daily.name) as mine:
            if mine:
                _catch_up(daily)


def _catch_up(daily: Daily) -> None:
    now = moments.now()
    routine, _new = Routine.objects.get_or_create(name=daily.name)
    days = daily.missed(routine.last_day, now)
    if not days or (routine.again_at and now < routine.again_at <= now + LONGEST_WAIT):
        return
    own = Routine.objects.filter(pk=daily.name)
    # Written before it begins: work that ends its worker each time does not end it each minute.
    wait = min(timedelta(minutes=2 ** min(routine.tries + 1, 10)), LONGEST_WAIT)
    own.update(tries=routine.tries + 1, again_at=now + wait)
    for day in days:
        try:
            daily.work(day)
        except Exception:
            log.exception("routine.failed", routine=daily.name, day=str(day))
            return
        own.update(last_day=day, tries=0, again_at=None, ran_at=moments.now())
