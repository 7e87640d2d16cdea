"""The records behind a figure, row by row, and the anonymous file of a drawn case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Model, Prefetch
from django.utils.translation import gettext as _

from contracts.contracts.models import Contract
from contracts.invoices.models import Invoice
from evaluations.assessments.models import SampledCase
from evaluations.indicators import records, tallies
from evaluations.indicators.measures import HOURS, MEASURES, Measure
from evaluations.permissions import READS_FIGURES
from foundation.counted_events import CountedEvents
from foundation.parties import is_one_of
from foundation.roles import Actor
from households.register.models import HouseholdMember
from organizations.providers.models import Provider
from organizations.responsibilities import offered
from organizations.responsibilities.need_kinds import NeedKind
from referrals.complaints.models import Complaint
from referrals.offers.models import Referral
from referrals.service.models import Visit

#: How many rows a program gets.
PAGE = 200


#: SQL: the counted rows of one source, with both counters of a measure.
OPENED = (
    "SELECT kind, record, at, {yes} AS yes, {every} AS every, mix FROM ({rows}) rows "
    "WHERE {yes} <> 0 OR {every} <> 0"
)


#: SQL: the newest rows of several sources, each with the sums of both counters over all of them.
NEWEST = (
    "SELECT kind, record, at, yes, every, mix, sum(yes) OVER (), sum(every) OVER () "
    "FROM ({sources}) found ORDER BY at DESC, record DESC, kind LIMIT {most} OFFSET {start}"
)


#: A pattern for identity numbers and telephone numbers.
NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{17}[0-9Xx]|1\d{2}[ -]?\d{4}[ -]?\d{4}|0\d{2,3}-\d{7,8})(?!\d)", re.ASCII
)


@dataclass(frozen=True)
class Row:
    """One counted record: its words, its page (empty where the reader may not open it), and its two counters."""

    words: str
    address: str
    at: datetime
    yes: int
    all: int
    mix: str


def sources_of(measure: Measure) -> list[CountedEvents]:
    """The sources of a measure: every one that has one of its two counters."""
    return [
        source
        for source in records.SOURCES
        if measure.yes in source.counters or measure.all in source.counters
    ]


def rows(
    key: str, provider_id: int, first: date, last: date, actor: Actor, *, start: int = 0, most: int = PAGE
) -> tuple[list[Row], int, int]:
    """At most ``most`` counted rows of a measure from ``first`` to ``last`` (both included), newest first and
    from the position ``start`` on, and the sums of both counters over all rows (0 for a position behind the last).
    """
    given: dict[str, Any] = {**tallies.parameters(first, last), "providers": [provider_id]}
    sources = " UNION ALL ".join(_opened(MEASURES[key]))
    with connection.cursor() as cursor:
        cursor.execute(NEWEST.format(sources=sources, most=most, start=start), given)
        found = cursor.fetchall()
    names = _names(found, actor)
    shown = [
        Row(*names[kind, record], at, yes, every, mix) for kind, record, at, yes, every, mix, *_ in found
    ]
    return shown, *(map(int, found[0][-2:]) if found else (0, 0))


def _opened(measure: Measure) -> Iterator[str]:
    """The statement for the counted rows of each source of a measure."""
    for source in sources_of(measure):
        yes, every = (name if name in source.counters else "0" for name in (measure.yes, measure.all))
        yield OPENED.format(yes=yes, every=every, rows=records.narrowed(source, providers=True))


#: What is opened behind a figure, and the fields that name it.
NAMED: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "referral": (Referral, ("number",)),
    "complaint": (Complaint, ()),
    "contract": (Contract, ("number",)),
    "invoice": (Invoice, ("number",)),
}


def _names(found: list[tuple[Any, ...]], actor: Actor) -> dict[tuple[str, int], tuple[str, str]]:
    """The words and the page address of each record, by kind and key; the address is empty where the actor
    may not see it.
    """
    names: dict[tuple[str, int], tuple[str, str]] = {}
    for kind, (model, fields) in NAMED.items():
        wanted = {row[1] for row in found if row[0] == kind}
        if not wanted:
            continue
        rows: Any = model._default_manager
        visible = set(rows.visible_to(actor).filter(pk__in=wanted).values_list("pk", flat=True))
        for record in rows.filter(pk__in=wanted).only("pk", *fields):
            names[kind, record.pk] = str(record), record.get_absolute_url() if record.pk in visible else ""
    return names


def outcome(measure: Measure, row: Row) -> str:
    """What one row counted, in words."""
    if measure.written == HOURS:
        return _("%(n).1f 小时") % {"n": row.yes / 3600}
    if measure.key == "satisfaction":
        return _("%(n)s 分") % {"n": row.yes // row.all if row.all else row.yes}
    if measure.key == "unit_cost":
        return _("%(cost).2f 元 / 指导价 %(guide).2f 元") % {"cost": row.yes / 100, "guide": row.all / 100}
    if measure.key in ("visits", "accounts"):
        return f"{row.yes} / {row.all}"
    if not row.all:
        return _("计 1 件") if row.yes else ""
    return _("是") if row.yes else _("否")


def mix_words(mix: str) -> str:
    """A stratum of the case mix in words, such as 照料 · 特困 · 急难."""
    parts = mix.split("-")
    if len(parts) != 3:
        return ""
    weight = {"3": _("特困"), "2": _("低保"), "1": _("其他")}[parts[1]]
    kind = offered.called(parts[0]) if parts[0] in NeedKind.values else parts[0]
    return " · ".join([kind, weight, *([_("急难")] if parts[2] == "u" else [])])


@dataclass(frozen=True)
class CaseFile:
    """What an evaluator reads of a drawn case: without names, addresses and numbers of people."""

    case: SampledCase
    referral: Referral
    plan: str
    outcome: str
    goals: list[tuple[str, str]]
    visits: list[Any]
    mix: str


def case_files(cases: Sequence[SampledCase]) -> dict[int, CaseFile]:
    """The records of drawn cases, by the key of the case, in four statements for any number of them."""
    people = HouseholdMember.objects.select_related("person__guardian")
    referrals = (
        Referral.objects.filter(pk__in=[case.referral_id for case in cases])
        .select_related("offer__item", "need__matter__household", "town", "worker")
        .prefetch_related(
            "goals",
            Prefetch("visits", Visit.objects.order_by("on", "id")),
            Prefetch("need__matter__household__members", people),
        )
    )
    found = referrals.in_bulk()
    return {case.pk: _case_file(case, found[case.referral_id]) for case in cases}


def _case_file(case: SampledCase, referral: Referral) -> CaseFile:
    """The records of a drawn case, with everything that names the household taken out of every text."""
    names = _identifying(referral)
    goals = [
        (anonymized(goal.text, names), goal.get_reached_display() if goal.reached is not None else "")
        for goal in referral.goals.all()
    ]
    visits = [
        {
            "on": visit.on,
            "units": visit.units,
            "venue": visit.get_venue_display(),
            "confirmation": visit.get_confirmation_display(),
            "words": anonymized(visit.words, names),
            "note": anonymized(visit.note.plain() if visit.note else "", names),
        }
        for visit in referral.visits.all()
    ]
    return CaseFile(
        case,
        referral,
        anonymized(referral.plan_text, names),
        anonymized(referral.outcome, names),
        goals,
        visits,
        mix_words(referral.case_mix),
    )


def _identifying(referral: Referral) -> set[str]:
    """What names the household: names of its people and their guardians, numbers, phones, addresses."""
    household = referral.need.matter.household
    people = {member.person for member in household.members.all()}
    people |= {person.guardian for person in people if person.guardian}
    secrets = [
        household.phone,
        household.address,
        referral.contact_name,
        referral.contact_phone,
        referral.contact_address,
    ]
    for person in people:
        secrets += [person.name, person.id_number, person.claimed_number]
    return {secret.plain() for secret in secrets if secret}


def anonymized(text: str | None, names: set[str]) -> str:
    """A text without ``names``, and without any identity or telephone number."""
    text = NUMBERS.sub("***", text or "")
    for name in sorted(names, key=len, reverse=True):
        if name:
            text = text.replace(name, _("某某"))
    return text


def may_open(actor: Actor, provider: Provider) -> bool:
    """Whether an actor may read a provider's running figures: oversight, evaluators, the provider itself."""
    return is_one_of(READS_FIGURES, actor, provider)
