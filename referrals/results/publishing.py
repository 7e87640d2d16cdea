"""Results for the public: what was done, how fast, how content households are (S20, S33).

Nothing that identifies anybody: no name, number, telephone, address or illness, and no group of fewer
households than the rule says. The worker counts a month once, when it is over and its answers are due
(``keep``); the public page reads that one row (``results``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from foundation import moments
from foundation.advisory_locks import take_lock
from foundation.deadlines.models import Clock
from foundation.rules import reading
from households.register.models import Category
from organizations.responsibilities import offered
from organizations.responsibilities.need_kinds import NeedKind
from referrals.answers.models import Satisfaction
from referrals.needs.models import Need
from referrals.needs.states import NEED, TOLD, NeedStatus
from referrals.results.models import Issue

#: Calendar days after the end of a month until its answers are given or late.
SETTLED_AFTER = 10


#: How many lines one issue has at most, those of most households first.
MOST_LINES = 200


#: Amounts are rounded to this many CNY.
HUNDRED = Decimal("100")


#: Kinds that name an illness or a hardship, and the wider kind under which they are published.
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
    """One kind of need in the month; ``answered`` counts households, ``in_time`` is a share of needs; None
    where too few to be shown.
    """

    label: str
    answered: int | None
    in_time: float | None
    satisfaction: float | None


@dataclass(frozen=True)
class Line:
    """What several households of one town and category were given; ``amount`` is the average of one, rounded
    to 100 CNY (0 for a service).
    """

    town: str
    category: str
    what: str
    households: int
    amount: int


@dataclass(frozen=True)
class Results:
    """The issue that is published today; ``month`` is None where there is none."""

    month: date | None
    least: int
    figures: list[Figures]
    lines: list[Line]


# --- what the public reads -----------------------------------------------------------------


def results() -> Results:
    """The newest issue until it expires (rule ``publication.results``), read from one row."""
    rule = reading.current("publication.results").value
    issue = Issue.objects.first()
    if issue is None or moments.today() > _taken_down(issue, int(rule["days"])):
        return Results(None, rule["least"], [], [])
    return Results(
        issue.month,
        issue.least,
        [
            Figures(_label(figure["kind"]), figure["households"], figure["in_time"], figure["score"])
            for figure in issue.figures
        ],
        [
            Line(
                line["town"],
                str(Category(line["category"]).label),
                _label(line["kind"]),
                line["households"],
                line["amount"],
            )
            for line in issue.lines
        ],
    )


def _taken_down(issue: Issue, days: int) -> date:
    return _next(issue.month) + timedelta(days=SETTLED_AFTER + days)


def _label(kind: str) -> str:
    return offered.called(kind) if kind else _("全部")


# --- what the worker counts -------------------------------------------------------------


def keep() -> Issue | None:
    """Count the newest settled month, once; None where that was done before."""
    month = _next(moments.today() - timedelta(days=SETTLED_AFTER), -1)
    take_lock("publishing", str(month))
    if Issue.objects.filter(month=month).exists():
        return None
    least = int(reading.current("publication.results").value["least"])
    needs = _finished_in(month)
    answered = needs.filter(status__in=NeedStatus.with_trait(TOLD))
    return Issue.objects.create(
        month=month, least=least, figures=_figures(needs, answered, least), lines=_lines(answered, least)
    )


def _next(day: date, months: int = 1) -> date:
    """The first day of the month that is ``months`` after that of ``day``."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _finished_in(month: date) -> QuerySet[Any]:
    """Needs that were decided or served in a month, each with the kind it is published under."""
    since, until = (
        datetime(day.year, day.month, 1, tzinfo=moments.SHANGHAI) for day in (month, _next(month))
    )
    return Need.objects.filter(finished_at__gte=since, finished_at__lt=until).annotate(wide=_wider("kind"))


def _wider(kind: str) -> Case:
    wider = (When(**{kind: narrow}, then=Value(str(wide))) for narrow, wide in WIDER.items())
    return Case(*wider, default=F(kind))


def _figures(needs: QuerySet[Any], answered: QuerySet[Any], least: int) -> list[dict[str, Any]]:
    """Figures by kind, preceded by those of all kinds where the total discloses no small count."""
    all_of = Count("matter__household_id", distinct=True)
    by_kind = dict(answered.values_list("wide").annotate(n=all_of).order_by("wide"))
    shown = [kind for kind, count in by_kind.items() if count >= least]
    if not shown:
        return []
    hidden = answered.exclude(wide__in=shown).aggregate(n=all_of)["n"]
    found = [_figure(kind, by_kind[kind], needs, answered, least) for kind in shown]
    # A total beside all but a few kinds would disclose the few.
    if not 0 < hidden < least:
        found.insert(0, _figure("", answered.aggregate(n=all_of)["n"], needs, answered, least))
    return found


def _figure(
    kind: str, households: int, needs: QuerySet[Any], answered: QuerySet[Any], least: int
) -> dict[str, Any]:
    told = Clock.objects.filter(
        lifecycle=NEED.label, object_id=OuterRef("pk"), rule_key="need.feed_back", stopped_at__lte=F("due_at")
    )
    if kind:
        needs, answered = needs.filter(wide=kind), answered.filter(wide=kind)
    judged = Satisfaction.objects.filter(need__in=answered.values("pk")).aggregate(
        score=Avg("score"), households=Count("need__matter__household_id", distinct=True)
    )
    return {
        "kind": kind,
        "households": households,
        "in_time": answered.filter(Exists(told)).count() / needs.count(),
        "score": round(judged["score"], 1) if judged["households"] >= least else None,
    }


def _lines(answered: QuerySet[Any], least: int) -> list[dict[str, Any]]:
    """What was given, by groups (town, category, kind) of at least ``least`` households."""
    given = (
        answered.filter(Q(granted__gt=0) | Q(refusal=b""))
        .values("town__name", "matter__household__category", "wide")
        .annotate(
            n=Count("matter__household_id", distinct=True),
            paid=Count("matter__household_id", distinct=True, filter=Q(granted__gt=0)),
            mean=Avg("granted", filter=Q(granted__gt=0)),
        )
        .filter(n__gte=least)
        .order_by("-n", "town__name", "wide")
    )
    return [
        {
            "town": row["town__name"],
            "category": row["matter__household__category"],
            "kind": row["wide"],
            "households": row["n"],
            "amount": int((row["mean"] / HUNDRED).to_integral_value() * HUNDRED)
            if row["paid"] >= least
            else 0,
        }
        for row in given[:MOST_LINES]
    ]
