"""Weekly control charts of the measures, which raise signals between rounds of evaluation.

Shares are charted with Shewhart's p chart, complaints with a u chart (``formulas``). The centre is the
provider's own mean over the weeks before (26 by rule), or the city's while it has fewer than 8. A signal is a
point beyond three standard deviations on the bad side, or eight weeks in a row on the bad side of the centre
(Western Electric's fourth rule).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db import connection
from django.db.models import Count, F, Max
from django.db.models.functions import Abs
from django.utils.translation import gettext as _

from evaluations.indicators import formulas, records, tallies
from evaluations.indicators.measures import MEASURES, SHARE
from evaluations.warnings.models import Signal, SignalQuerySet
from evaluations.warnings.states import SIGNAL
from foundation import moments
from foundation.isolation import noted
from foundation.lifecycle.phases import SERVING, SUSPENDED
from foundation.refusals import Invalid
from foundation.roles import SYSTEM, Actor
from foundation.rules import reading
from organizations.providers.models import Provider
from organizations.providers.states import Standing

CHARTS = "warning.charts"


#: The measures that are charted: shares, and complaints per accepted case.
WATCHED = ("answered", "accepted", "contact", "visits", "completed", "goals", "records", "complaints")


#: How many weeks a provider needs before its own mean is the centre.
LEAST_WEEKS = 8


#: How many providers are named that have the most signals.
FIRST = 20


P, U = "p", "u"


BEYOND, RUNNING = "beyond", "run"


#: SQL: counters summed by provider and week.
BY_WEEK = """
    SELECT provider_id, date_trunc('week', at AT TIME ZONE 'Asia/Shanghai')::date, {sums}
    FROM ({rows}) rows GROUP BY 1, 2
"""


#: {provider: {week: {counter: sum}}}.
Weeks = dict[int, dict[date, dict[str, int]]]


@dataclass(frozen=True)
class Point:
    """One week of one measure: its share or rate, the sample, centre and limits, and the test that it failed."""

    week: date
    value: Fraction
    n: int
    centre: Fraction
    low: Fraction
    high: Fraction
    broken: str = ""


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def weekly(first: date, last: date, providers: list[int] | None = None) -> Weeks:
    """Sums by provider and week (its Monday) over a period of whole weeks."""
    found: Weeks = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    given = {**tallies.parameters(first, last), "providers": providers}
    wanted = {name for key in WATCHED for name in (MEASURES[key].yes, MEASURES[key].all)}
    with connection.cursor() as cursor:
        for source in records.SOURCES:
            counters = [name for name in source.counters if name in wanted]
            if not counters:
                continue
            sums = ", ".join(f"sum({name})::bigint" for name in counters)
            rows = records.narrowed(source, providers is not None)
            cursor.execute(BY_WEEK.format(sums=sums, rows=rows), given)
            for provider, week, *values in cursor.fetchall():
                for name, value in zip(counters, values, strict=True):
                    found[provider][week][name] += value
    return found


def chart(
    key: str,
    weeks: Mapping[date, Mapping[str, int]],
    city: tuple[int, int],
    until: date,
    rule: Mapping[str, int],
) -> list[Point]:
    """The points of one measure of one provider up to a week, oldest first; weeks with too small a sample are
    left out.

    ``rule`` is the value of the rule ``warning.charts``.
    """
    measure = MEASURES[key]
    share = measure.written == SHARE
    points: list[Point] = []
    before: list[tuple[date, int, int]] = []
    for week in sorted(weeks):
        if week > until:
            break
        yes, n = weeks[week].get(measure.yes, 0), weeks[week].get(measure.all, 0)
        if n < int(rule["least"]):
            continue
        since = week - timedelta(weeks=int(rule["weeks"]))
        base = [(y, a) for when, y, a in before if when >= since]
        centre = _centre(base, city)
        if centre is not None:
            limits = formulas.limits_of_share if share else formulas.limits_of_rate
            low, high = limits(centre, n, int(rule["sigmas"]))
            point = Point(week, Fraction(yes, n), n, centre, low, high)
            points.append(_tested(point, points, measure.higher_is_better, int(rule["run"])))
        before.append((week, yes, n))
    return points


def _centre(base: list[tuple[int, int]], city: tuple[int, int]) -> Fraction | None:
    yes, n = (sum(y for y, _ in base), sum(a for _, a in base)) if len(base) >= LEAST_WEEKS else city
    return Fraction(yes, n) if n else None


def _tested(point: Point, earlier: list[Point], up: bool, run: int) -> Point:
    beyond = point.value < point.low if up else point.value > point.high
    sides = [_is_bad(week, up) for week in (*earlier, point)]
    broken = BEYOND if beyond else RUNNING if formulas.run_on_one_side(sides, run) else ""
    return Point(point.week, point.value, point.n, point.centre, point.low, point.high, broken)


def _is_bad(point: Point, up: bool) -> bool:
    return point.value < point.centre if up else point.value > point.centre


def city_of(found: Weeks, key: str) -> tuple[int, int]:
    """The city's sums of one measure over all weeks."""
    measure = MEASURES[key]
    yes = sum(week.get(measure.yes, 0) for weeks in found.values() for week in weeks.values())
    n = sum(week.get(measure.all, 0) for weeks in found.values() for week in weeks.values())
    return yes, n


def watch(week: date | None = None) -> int:
    """Raise a signal for every measure that left its limits in a week (by default the last whole one);
    returns how many are new.

    A second run for the same week raises nothing again.
    """
    week = monday(week or moments.today() - timedelta(days=7))
    rule = reading.current(CHARTS).value
    first = week - timedelta(weeks=int(rule["weeks"]) + int(rule["run"]))
    found = weekly(first, week + timedelta(days=6))
    serving = Provider.objects.filter(
        status__in=Standing.in_phase(SERVING, SUSPENDED), pk__in=list(found)
    ).in_bulk()
    known = set(Signal.objects.filter(week=week).values_list("provider_id", "measure"))
    raised, failed = 0, 0
    for key in WATCHED:
        city = city_of(found, key)
        for provider in serving.values():
            failed += 1
            with noted("warning.watch", provider=provider.pk, measure=key):
                points = chart(key, found[provider.pk], city, week, rule)
                last = points[-1] if points else None
                new = (provider.pk, key) not in known
                if last is not None and last.week == week and last.broken and new:
                    raise_signal(by=SYSTEM, provider=provider, measure=key, point=last)
                    raised += 1
                failed -= 1
    if failed:  # the others are raised; the next run looks at this week again
        raise RuntimeError(f"{failed} charts of the week of {week} could not be judged")
    return raised


@SIGNAL.start("raise")
def raise_signal(*, by: Actor, provider: Provider, measure: str, point: Point) -> Signal:
    """Record that a measure left its limits."""
    number = {name: formulas.rounded(getattr(point, name)) for name in ("value", "centre", "low", "high")}
    chart_ = P if MEASURES[measure].written == SHARE else U
    return Signal.objects.create(
        provider=provider,
        week=point.week,
        measure=measure,
        chart=chart_,
        test=point.broken,
        cases=point.n,
        **number,
    )


@SIGNAL.transition("plan_visit")
def plan_visit(signal: Signal, *, by: Actor, visit_on: date) -> None:
    """Set the day on which the provider is visited. Raises ``Invalid`` for a day in the past."""
    if visit_on < moments.today():
        message = _("走访日期不能早于今天。")
        raise Invalid(message, fields={"visit_on": message})
    signal.visit_on = visit_on


@SIGNAL.transition("close")
def close(signal: Signal, *, by: Actor, found: str) -> None:
    """Record what the visit found."""
    signal.found = found


@SIGNAL.transition("set_aside")
def set_aside(signal: Signal, *, by: Actor, reason: str) -> None:
    """Record that no visit is needed, with the reason."""
    signal.found = reason[:1000]


def standings(signals: SignalQuerySet) -> list[tuple[Provider, int, Decimal]]:
    """The first providers of those signals that are open: how many, and how far the worst is from its centre; most
    first.
    """
    worst = Max(Abs(F("value") - F("centre")))
    counted = signals.open().order_by().values_list("provider").annotate(count=Count("pk"), worst=worst)
    first = list(counted.order_by("-count", "-worst", "provider")[:FIRST])
    providers = Provider.objects.select_related("organization").in_bulk([provider for provider, *_ in first])
    return [(providers[provider], count, furthest) for provider, count, furthest in first]
