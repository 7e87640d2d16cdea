"""Sums over the records of a period, by provider and stratum of the case mix; stored, and updated day by day.

The stored tallies cover the last 365 days. Each night the day that has ended is added and the day that has
left the span is subtracted, so that two days are read instead of a year. Once a week everything is summed
anew, which also takes in later corrections (a household that rated again, a check of a sample).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from evaluations.indicators.models import Tally, TallySpan
from evaluations.indicators.records import COUNTERS, GIVEN, SOURCES, narrowed
from foundation import moments
from foundation.advisory_locks import take_lock

#: How many days the stored tallies cover.
WINDOW = 365


#: Counters that are compared within strata of the case mix.
COMPARED = ("answers", "accepted_yes", "completed_yes", "goals_yes")


#: Counters of the marks that households gave.
MARKS = ("marks", "marks_all")


#: Counters whose sums over all providers are kept, by stratum.
OF_THE_CITY = (*COMPARED, *MARKS)


#: SQL: counters summed by provider and stratum.
SUMMED = "SELECT provider_id, mix, {sums} FROM ({rows}) {name} GROUP BY provider_id, mix"


#: SQL: the sums of a day added to the stored ones, or subtracted.
ADDED = (
    "INSERT INTO {table} AS t (provider_id, mix, {names}) "
    "SELECT provider_id, mix, {signed} FROM ({rows}) day "
    "ON CONFLICT (provider_id, mix) DO UPDATE SET {added}"
)


KEPT = "INSERT INTO {table} (provider_id, mix, {names}) {rows}"


#: {stratum: {counter: sum}} of one provider.
Cells = dict[str, dict[str, int]]


#: {stratum: sums of all providers in the order of ``OF_THE_CITY``}.
City = dict[str, list[int]]


def summing(providers: bool = False) -> str:
    """The statement that sums every source by provider and stratum."""
    parts = []
    for source in SOURCES:
        sums = ", ".join(
            f"sum({name})::bigint AS {name}" if name in source.counters else f"0::bigint AS {name}"
            for name in COUNTERS
        )
        rows = narrowed(source, providers)
        parts.append(SUMMED.format(sums=sums, rows=rows, name=source.name))
    sums = ", ".join(f"sum({name})::bigint AS {name}" for name in COUNTERS)
    together = " UNION ALL ".join(parts)
    return SUMMED.format(sums=sums, rows=together, name="parts")


def midnight(day: date) -> datetime:
    """The moment at which a day begins in the city; a bare date would begin in the time zone of the session."""
    return datetime.combine(day, time.min, moments.SHANGHAI)


def period(first: date, last: date) -> dict[str, datetime]:
    """The moments between which a period of whole days lies, both included."""
    return {"first": midnight(first), "after": midnight(last + timedelta(days=1))}


def parameters(first: date, last: date) -> dict[str, Any]:
    """The parameters of a statement over the records of a period of whole days, both included."""
    return {**GIVEN, **period(first, last)}


# --- sums of any period ------------------------------------------------------------------------


def evidence(first: date, last: date, providers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The evidence of the indicators of ``providers``, summed over a period (both days included)."""
    with connection.cursor() as cursor:
        cursor.execute(summing(), parameters(first, last))
        return _evidence(cursor.fetchall(), providers)


def everybody(first: date, last: date) -> dict[int, dict[str, Any]]:
    """The evidence of every provider that has a record in the period."""
    with connection.cursor() as cursor:
        cursor.execute(summing(), parameters(first, last))
        rows = cursor.fetchall()
    return _evidence(rows, sorted({row[0] for row in rows}))


def window() -> TallySpan:
    """The days that the stored tallies cover; where nothing is stored, the days that they would cover."""
    found = TallySpan.objects.filter(pk=1).first()
    if found is not None:
        return found
    last = moments.today() - timedelta(days=1)
    return TallySpan(first=last - timedelta(days=WINDOW - 1), last=last)


def stored(provider_id: int, span: TallySpan) -> dict[str, Any]:
    """The evidence of one provider from the stored tallies, whose span is ``window()``."""
    own = Tally.objects.filter(provider_id=provider_id).values_list("mix", *COUNTERS)
    return _of_one({mix: _cell(sums) for mix, *sums in own}, span.city)


def _evidence(rows: Iterable[tuple[Any, ...]], providers: Sequence[int]) -> dict[int, dict[str, Any]]:
    own: dict[int, Cells] = defaultdict(dict)
    city: City = defaultdict(lambda: [0] * len(OF_THE_CITY))
    places = [COUNTERS.index(name) for name in OF_THE_CITY]
    wanted = set(providers)
    for provider, mix, *sums in rows:
        cell = city[mix]
        for n, place in enumerate(places):
            cell[n] += sums[place]
        if provider in wanted:
            own[provider][mix] = _cell(sums)
    return {provider: _of_one(own[provider], city) for provider in providers}


def _cell(sums: Iterable[int]) -> dict[str, int]:
    """The counters of one stratum that are not 0, from all in their order."""
    return {name: value for name, value in zip(COUNTERS, sums, strict=True) if value}


def _of_one(cells: Cells, city: City) -> dict[str, Any]:
    """The evidence of one provider, whose sums are among those of the city."""
    counts: dict[str, int] = defaultdict(int)
    for cell in cells.values():
        for name, value in cell.items():
            counts[name] += value
    others: Cells = {}
    rest = [0] * len(COMPARED)
    for mix, sums in city.items():
        if mix in cells:
            compared = zip(COMPARED, sums, strict=False)
            others[mix] = {name: value - cells[mix].get(name, 0) for name, value in compared}
        else:
            rest = [a + b for a, b in zip(rest, sums, strict=False)]
    others["*"] = dict(zip(COMPARED, rest, strict=True))
    mixed = {mix: {name: cell.get(name, 0) for name in COMPARED} for mix, cell in cells.items()}
    marks = {name: sum(sums[OF_THE_CITY.index(name)] for sums in city.values()) for name in MARKS}
    return {
        "counts": dict(counts),
        "mix": _without_zeros(mixed),
        "others": _without_zeros(others),
        "others_marks": [every - counts.get(name, 0) for name, every in marks.items()],
    }


def _without_zeros(cells: Cells) -> Cells:
    """The counters that are not 0, and the strata that have one."""
    found = {mix: {name: value for name, value in cell.items() if value} for mix, cell in cells.items()}
    return {mix: cell for mix, cell in found.items() if cell}


# --- the stored tallies ------------------------------------------------------------------------


@transaction.atomic
def rebuild() -> int:
    """Sum the last 365 days anew, yesterday being the last; returns the number of rows."""
    take_lock("evaluations", "tallies")
    last = moments.today() - timedelta(days=1)
    first = last - timedelta(days=WINDOW - 1)
    names = ", ".join(COUNTERS)
    with connection.cursor() as cursor:
        Tally.objects.all().delete()
        cursor.execute(
            KEPT.format(table=Tally._meta.db_table, names=names, rows=summing()), parameters(first, last)
        )
        made = cursor.rowcount
    TallySpan.objects.update_or_create(
        pk=1, defaults={"first": first, "last": last, "summed_at": moments.now(), "city": _of_everybody()}
    )
    return made


@transaction.atomic
def roll_forward() -> int:
    """Add the days that have ended since, subtract those that left the span; returns how many days were
    added.

    Sums anew where nothing is stored, or more than a week is missing.
    """
    take_lock("evaluations", "tallies")
    span = TallySpan.objects.select_for_update().filter(pk=1).first()
    last = moments.today() - timedelta(days=1)
    if span is None or not timedelta(0) <= last - span.last <= timedelta(days=7):
        rebuild()
        return WINDOW
    days = (last - span.last).days
    if days:
        gone = span.first + timedelta(days=days - 1)
        _add(span.last + timedelta(days=1), last, 1)
        _add(span.first, gone, -1)
        span.first, span.last, span.city = gone + timedelta(days=1), last, _of_everybody()
        span.save(update_fields=["first", "last", "city"])
    return days


def _of_everybody() -> City:
    """The sums of all providers in the stored tallies."""
    sums = [Sum(name) for name in OF_THE_CITY]
    rows = Tally.objects.order_by().values_list("mix").annotate(*sums)
    return {mix: list(map(int, values)) for mix, *values in rows}


def _add(first: date, last: date, sign: int) -> None:
    names = ", ".join(COUNTERS)
    signed = ", ".join(f"{sign} * {name}" for name in COUNTERS)
    added = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in COUNTERS)
    with connection.cursor() as cursor:
        statement = ADDED.format(
            table=Tally._meta.db_table, names=names, signed=signed, rows=summing(), added=added
        )
        cursor.execute(statement, parameters(first, last))
