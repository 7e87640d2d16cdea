"""Results for the public: what was done, how fast, how content people are (S20, S33).

Nothing that identifies: no name, number, telephone, address or illness. A line says the
town, the category and what was given; counts below the rule's measure are not shown, and
lines are taken down when their days are over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Avg, Count, F, Q
from django.utils.translation import gettext as _

from foundation import moments
from foundation.deadlines.models import Clock
from foundation.rules import reading
from households.models.household import Category
from organizations.need_kinds import NeedKind
from referrals.lifecycle import NeedStatus
from referrals.models import Need

#: Needs whose answer was told.
ANSWERED = (NeedStatus.FED_BACK, NeedStatus.CLOSED)

#: Kinds that name an illness or a plight: published under a wider word.
WIDER = {
    NeedKind.MEDICAL: NeedKind.OTHER,
    NeedKind.DISABILITY: NeedKind.OTHER,
    NeedKind.REHABILITATION: NeedKind.CARE,
    NeedKind.COUNSELLING: NeedKind.INCLUSION,
    NeedKind.GUARDIANSHIP: NeedKind.OTHER,
    NeedKind.FAMILY_PLANNING: NeedKind.OTHER,
    NeedKind.WOMEN_CHILDREN: NeedKind.OTHER,
    NeedKind.YOUTH: NeedKind.OTHER,
    NeedKind.HUMANITARIAN: NeedKind.OTHER,
}


@dataclass(frozen=True)
class Figures:
    """One kind of need over the period; None where too few to be shown. Amounts are CNY."""

    label: str
    answered: int | None
    in_time: float | None
    satisfaction: float | None


@dataclass(frozen=True)
class Line:
    """One answered need, without whose it was."""

    on: date
    town: str
    category: str
    what: str
    amount: Decimal


@dataclass(frozen=True)
class Results:
    """Figures by kind, and lines of the last days; ``least`` is the smallest count shown."""

    since: date
    least: int
    figures: list[Figures]
    lines: list[Line]


def results() -> Results:
    """What may be published today, by the rule ``publication.results``."""
    rule = reading.current("publication.results").value
    since = moments.today() - timedelta(days=rule["days"])
    needs = Need.objects.filter(
        status__in=ANSWERED, finished_at__date__gte=since, matter__household__isnull=False
    )
    return Results(
        since, rule["least"], _figures(needs, rule["least"]), _lines(needs, rule["least"])
    )


def _wider(kind: str) -> str:
    return WIDER.get(NeedKind(kind), kind)


def _figures(needs: Any, least: int) -> list[Figures]:
    counts: dict[str, list[float]] = {}
    by_kind = needs.values("kind").annotate(
        n=Count("pk", distinct=True),
        score=Avg("satisfactions__score"),
        rated=Count("satisfactions"),
    )
    punctual = dict(
        Clock.objects.filter(
            lifecycle="referrals.Need",
            rule_key="need.feed_back",
            object_id__in=needs.values("pk"),
            stopped_at__lte=F("due_at"),
        )
        .values_list("object_id")
        .annotate(n=Count("pk"))
    )
    kinds = dict(needs.values_list("pk", "kind"))
    in_time: dict[str, int] = {}
    for pk in punctual:
        wide = _wider(kinds[pk])
        in_time[wide] = in_time.get(wide, 0) + 1
    for row in by_kind:
        total = counts.setdefault(_wider(row["kind"]), [0, 0.0, 0])
        total[0] += row["n"]
        total[1] += (row["score"] or 0) * row["rated"]
        total[2] += row["rated"]
    if not counts:
        return []
    shown = [
        (str(NeedKind(kind).label), numbers, in_time.get(kind, 0))
        for kind, numbers in sorted(counts.items())
        if numbers[0] >= least
    ]
    everything = [sum(column) for column in zip(*counts.values(), strict=True)]
    hidden = everything[0] - sum(numbers[0] for _label, numbers, _n in shown)
    # A total beside all but a few would give the few away.
    if not 0 < hidden < least or not shown:
        shown.insert(0, (_("全部"), everything, sum(in_time.values())))
    return [_figure(label, *numbers, punctual, least) for label, numbers, punctual in shown]


def _figure(
    label: str, n: float, points: float, rated: float, punctual: int, least: int
) -> Figures:
    enough = n >= least
    return Figures(
        label=label,
        answered=int(n) if enough else None,
        in_time=punctual / n if enough else None,
        satisfaction=round(points / rated, 1) if rated >= least else None,
    )


def _lines(needs: Any, least: int) -> list[Line]:
    """Lines of those groups (town and category) that are large enough to hide in."""
    large = {
        (row["town"], row["matter__household__category"])
        for row in needs.values("town", "matter__household__category")
        .annotate(n=Count("matter__household", distinct=True))
        .filter(n__gte=least)
    }
    shown = needs.filter(Q(granted__gt=0) | Q(refusal=b"")).select_related(
        "town", "matter__household"
    )
    hidden = (
        need
        for need in shown.order_by("-finished_at")[:400]
        if (need.town_id, need.matter.household.category) in large
    )
    return [
        Line(
            on=need.finished_at.astimezone(moments.SHANGHAI).date(),
            town=str(need.town),
            category=str(Category(need.matter.household.category).label),
            what=str(NeedKind(_wider(need.kind)).label),
            amount=need.granted,
        )
        for need in islice(hidden, 100)
    ]
