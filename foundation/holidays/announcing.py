"""Entering a notice of holidays, and putting it in force under four eyes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from foundation import moments
from foundation.deadlines import calendar
from foundation.deadlines.models import CalendarDay
from foundation.holidays import days as reading
from foundation.holidays.days import Day, Placed, Row
from foundation.holidays.models import HolidayNotice
from foundation.holidays.states import BASIS, HOLIDAYS
from foundation.refusals import Invalid, NotNow
from foundation.roles import SYSTEM, Actor
from foundation.scheduling.stalled import queue_once

#: The years that a notice may be of: the first one with a notice of holidays, and how far ahead.
FIRST_YEAR, YEARS_AHEAD = 2008, 2


@HOLIDAYS.start("propose")
def propose(
    *,
    by: Actor,
    year: int,
    whole_year: bool,
    number: str,
    title: str,
    issued_on: date,
    days: Sequence[Day],
    link: str = "",
) -> HolidayNotice:
    """Enter a notice; it counts once another person confirms it.

    Raises ``Invalid`` for a year that nobody can have announced, and for days that are wrong.
    """
    last = moments.today().year + YEARS_AHEAD
    if not FIRST_YEAR <= year <= last:
        wrong = _("年份应在 %(first)s 和 %(last)s 之间。") % {"first": FIRST_YEAR, "last": last}
        raise Invalid(wrong, fields={"year": wrong})
    if issued_on > moments.today():
        wrong = _("发文日期在将来，请核对。")
        raise Invalid(wrong, fields={"issued_on": wrong})
    if not days:
        wrong = _("请至少写一个日子，或上传文件。")
        raise Invalid(wrong, fields={"days": wrong})
    if faults := wrong_days(days, year, whole_year=whole_year):
        raise Invalid(" ".join(faults), fields={"days": " ".join(faults)})
    return HolidayNotice.objects.create(
        year=year,
        whole_year=whole_year,
        number=number,
        title=title,
        issued_on=issued_on,
        link=link,
        days=[day.stored() for day in sorted(days)],
    )


def wrong_days(days: Sequence[Day], year: int, *, whole_year: bool) -> list[str]:
    """What is wrong with days by the calendar of now."""
    placed = [Placed(Row("", str(day.day)), day) for day in sorted(days)]
    faults = reading.faults_of(placed, year, whole_year=whole_year, now=present())
    return reading.in_order(faults, [found.row for found in placed])


def present() -> calendar.Reckoning:
    """The calendar of now."""
    return calendar.Reckoning(calendar.entered())


@HOLIDAYS.transition("confirm")
def confirm(notice: HolidayNotice, *, by: Actor) -> None:
    """Let the notice count: its days replace what earlier ones said of them.

    Raises ``NotNow`` for a change that changes nothing any more, since a later notice says the same.
    """
    if faults := wrong_days(notice.listed, notice.year, whole_year=notice.whole_year):
        raise NotNow(
            _("录入之后日历有了变化，请退回重录：%(faults)s") % {"faults": " ".join(faults)}, rule=BASIS
        )
    notice.confirmed_at = moments.now()
    _enter(notice)


@confirm.then
def _follow(notice: HolidayNotice, *, by: Actor) -> None:
    """Earlier notices of which no day counts any more are replaced; deadlines follow in the background."""
    standing = CalendarDay.objects.values("notice")
    for earlier in HolidayNotice.objects.in_force().exclude(pk__in=standing).order_by("pk"):
        replace(earlier, by=SYSTEM)
    # By name, since the task imports what follows.
    queue_once("foundation.tasks.follow_holidays", lock="holidays")


reject = HOLIDAYS.act("reject", HolidayNotice)
withdraw = HOLIDAYS.act("withdraw", HolidayNotice)
replace = HOLIDAYS.act("replace", HolidayNotice)


def _enter(notice: HolidayNotice) -> None:
    """Write its days into the calendar; a whole year's notice replaces all that was entered for the year."""
    if notice.whole_year:
        CalendarDay.objects.filter(notice__year=notice.year).delete()
    first = date(notice.year, 1, 1)
    rows = [
        CalendarDay(
            day=day.day,
            working=day.working,
            words=day.words,
            notice=notice,
            announces=notice.whole_year and day.day == first,
        )
        for day in notice.listed
    ]
    changed = ["working", "words", "notice"]
    CalendarDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["day"],
        # A change of the first of January leaves it to announce the year.
        update_fields=[*changed, "announces"] if notice.whole_year else changed,
    )
