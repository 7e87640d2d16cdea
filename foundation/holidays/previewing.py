"""What a notice would do to the running clocks, before it is confirmed: counted by one statement, whatever their
number, since clocks with the same rule and the same day move together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, BooleanField, Count, ExpressionWrapper, F, Min, Q
from django.db.models.functions import TruncDate

from foundation import moments
from foundation.deadlines import calendar
from foundation.deadlines.calendar import Entered, Reckoning
from foundation.deadlines.models import CalendarDay, Clock
from foundation.holidays import by_law, comparing, ended, moving
from foundation.holidays.comparing import Different
from foundation.holidays.models import HolidayNotice
from foundation.lifecycle.table import LIFECYCLES
from foundation.roles import Actor
from foundation.rules import reading

#: Examples of deadlines that move.
EXAMPLES = 10

#: What clocks have in common that move together.
TOGETHER = (
    "lifecycle",
    "rule_key",
    "rule_version",
    "day",
    "due_at",
    "provisional",
    "lost",
    "pauses",
    "registered",
    "standing",
)


class Example(NamedTuple):
    """One deadline that would move."""

    name: str
    link: str
    rule: str
    before: datetime
    after: datetime


@dataclass
class Effect:
    """How many running clocks would move, to later and to earlier, by how many days; how many would be late, and
    late no longer; how many lines about what has ended are corrected, and entered again; and the examples that are due
    first.

    Beside them the days that would be different (``different``), the holidays of the law that it does not name
    (``missing``), the notices issued later of which it would change days (``undone``), and those of its year that wait
    as well (``waiting``).
    """

    later: int = 0
    earlier: int = 0
    become_late: int = 0
    late_no_longer: int = 0
    corrected: int = 0
    entered_again: int = 0
    by_days: Counter[int] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)
    different: Sequence[Different] = ()
    missing: Sequence[str] = ()
    undone: Sequence[HolidayNotice] = ()
    waiting: Sequence[HolidayNotice] = ()

    @property
    def become_free(self) -> list[str]:
        """The days that would be free and are working days, in words."""
        return [days.said for days in self.different if not days.working]

    @property
    def become_working(self) -> list[str]:
        """The days that would be working days and are free, in words."""
        return [days.said for days in self.different if days.working]

    @property
    def moved(self) -> int:
        """How many move at all."""
        return self.later + self.earlier

    @property
    def days(self) -> list[tuple[int, int]]:
        """By how many days how many move, the largest number first."""
        return self.by_days.most_common()


class _Group(NamedTuple):
    """Clocks that move together, and the deadline before and after."""

    row: dict[str, Any]
    after: datetime


def effect_of(notice: HolidayNotice, reader: Actor) -> Effect:
    """What the notice would do if it were confirmed now; of examples those that the reader may see."""
    reckoning = Reckoning(calendar_with(notice))
    with reading.remembered_versions.meanwhile():
        groups = [found for row in _groups(notice) if (found := _moved(row, reckoning)) is not None]
    effect = Effect()
    now = moments.now()
    for row, after in groups:
        count, before = row["count"], row["due_at"]
        if after > before:
            effect.later += count
        else:
            effect.earlier += count
        effect.by_days[(after - before).days] += count
        late = row["registered"] or before <= now
        if late and after > now:
            effect.late_no_longer += count
        elif not late and after <= now and not row["standing"]:
            effect.become_late += count
    effect.corrected, effect.entered_again = ended.count(notice, reckoning)
    effect.examples = _examples(groups, reader)
    effect.different = comparing.different_days(notice, reckoning)
    effect.missing = by_law.missing_from(notice)
    effect.undone = comparing.undone_by(notice, reckoning)
    effect.waiting = comparing.waiting_beside(notice)
    return effect


def calendar_with(notice: HolidayNotice) -> Entered:
    """What the city has entered, as it would be with the notice."""
    named = {day.day: day.working for day in notice.listed}
    if not notice.whole_year:
        known = calendar.entered()
        return Entered({**known.days, **named}, known.years)
    kept = calendar.entered_by(CalendarDay.objects.exclude(notice__year=notice.year))
    return Entered({**kept.days, **named}, kept.years | {notice.year})


def _groups(notice: HolidayNotice) -> Sequence[dict[str, Any]]:
    """The running clocks that cross its days, those together that move together."""
    running = Clock.objects.filter(notice.meets, stopped_at=None)
    return list(
        running.annotate(
            day=TruncDate("started_at", tzinfo=moments.SHANGHAI),
            registered=_said(Q(overdue_at__isnull=False)),
            standing=_said(Q(paused_at__isnull=False)),
        )
        .order_by()
        .values(*TOGETHER)
        .annotate(count=Count("pk"), first=Min(F("object_id"), output_field=BigIntegerField()))
    )


def _said(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


class _Clock(NamedTuple):
    """What is reckoned of the clocks of a group."""

    rule_key: str
    rule_version: int
    started_at: datetime
    lost: int
    pauses: list[list[str]]


def _moved(row: dict[str, Any], reckoning: Reckoning) -> _Group | None:
    """The group with its new deadline; None if it stays."""
    start: date = row["day"]
    clock = _Clock(row["rule_key"], row["rule_version"], calendar.start_of(start), row["lost"], row["pauses"])
    found = moving.reckoned(clock, reckoning)
    return None if found is None or found[0].at == row["due_at"] else _Group(row, found[0].at)


def _examples(groups: Sequence[_Group], reader: Actor) -> list[Example]:
    """Deadlines that move, of each group one, those first that are due first."""
    found: list[Example] = []
    for row, after in sorted(groups, key=lambda group: group.row["due_at"])[: EXAMPLES * 2]:
        lifecycle = LIFECYCLES.get(row["lifecycle"])
        if lifecycle is None:
            continue
        seen: Any = lifecycle.model._default_manager
        obj = seen.visible_to(reader).filter(pk=row["first"]).first()
        if obj is not None:
            rule = reading.title_of(row["rule_key"])
            found.append(Example(str(obj), obj.get_absolute_url(), rule, row["due_at"], after))
        if len(found) == EXAMPLES:
            break
    return found
