"""Rank the offers for a need, and explain the order in words.

Offers that are not eligible are ranked too, with the reasons. The item's conditions are checked against what
is known of the household. A choice is made from the whole ranking; a page shows the first of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from catalog.editions.states import BINDING, EditionStatus
from catalog.items import eligibility
from catalog.items.kinds import Disability, Residence
from catalog.items.models import Item
from foundation.rules import reading
from households.register.models import Disability as Certificate
from households.register.models import Person
from referrals.matching.candidates import Candidate, Part
from referrals.matching.scoring import SCALES, WEIGHTS, Slice, placed, supply
from referrals.needs.models import Need
from referrals.offers.ask import weekly_of

__all__ = ["RANKED_WITH", "Candidate", "Part", "Ranking", "Slice", "facts_of", "first", "rank"]


@dataclass(frozen=True)
class Ranking:
    """Eligible candidates, best first, the others apart, how many there are of both in all, and the version
    of the weights.
    """

    candidates: tuple[Candidate, ...]
    excluded: tuple[Candidate, ...]
    candidates_total: int
    excluded_total: int
    rule_version: int

    def find(self, offer_id: int) -> Candidate | None:
        """The candidate of an offer, eligible or not."""
        return next((c for c in (*self.candidates, *self.excluded) if c.offer_id == offer_id), None)

    @property
    def by_provider(self) -> tuple[Candidate, ...]:
        """The best candidate of each provider, best first."""
        firsts: dict[int, Candidate] = {}
        for candidate in self.candidates:
            firsts.setdefault(candidate.provider_id, candidate)
        return tuple(firsts.values())

    @property
    def best(self) -> tuple[Candidate, ...]:
        """The best candidate of each of the three best providers."""
        return self.by_provider[:3]

    @property
    def cards(self) -> list[tuple[Candidate, tuple[str, ...]]]:
        """The three best, each with its advantages over the other two."""
        best = self.best
        return [
            (candidate, candidate.ahead_of([c for c in best if c is not candidate])) for candidate in best
        ]

    @property
    def more(self) -> tuple[Candidate, ...]:
        """Every other candidate, best first."""
        best = {candidate.offer_id for candidate in self.best}
        return tuple(candidate for candidate in self.candidates if candidate.offer_id not in best)

    def position(self, offer_id: int) -> int:
        """The position of a candidate, 1 for the first."""
        return next(n for n, c in enumerate(self.candidates, 1) if c.offer_id == offer_id)


#: What a ranking reads of a need, to be read with it.
RANKED_WITH = ("town", "person", "matter__household__place")


#: The rule that says how many days a provider's word on its free places counts.
STALE = "capacity.stale"


def rank(need: Need, *, units: int = 1, weekly: int | None = None) -> Ranking:
    """Rank every offer for a need of ``units``, ``weekly`` of them a week (units of the item; a quarter of
    all where nothing is given).
    """
    rules = reading.several(WEIGHTS, SCALES, STALE)
    rows = supply(need, units=units, weekly=weekly or weekly_of(units), rules=rules)
    found = _judged(rows, facts_of(need), rules[WEIGHTS].value, rules[STALE].value["days"])
    candidates = tuple(c for c in found if c.eligible)
    excluded = tuple(c for c in found if not c.eligible)
    return Ranking(candidates, excluded, len(candidates), len(excluded), rules[WEIGHTS].version)


def first(need: Need, asked: Slice, *, units: int = 1) -> Ranking:
    """The part of the ranking that is asked for: what a page shows of it."""
    rules = reading.several(WEIGHTS, SCALES, STALE)
    verdicts = _verdicts(need)
    suitable = [item for item, verdict in verdicts.items() if verdict.eligible]
    rows = placed(need, units=units, weekly=weekly_of(units), rules=rules, suitable=suitable, asked=asked)
    found = [
        Candidate(row, rules[WEIGHTS].value, verdicts[row["item_id"]], rules[STALE].value["days"])
        for row in rows
        if row["place"] > asked.behind or row["offer_id"] == asked.kept
    ]
    totals = {row["eligible"]: row["of_all"] for row in rows}
    return Ranking(
        tuple(c for c in found if c.eligible),
        tuple(c for c in found if not c.eligible),
        totals.get(True, 0),
        totals.get(False, 0),
        rules[WEIGHTS].version,
    )


def _verdicts(need: Need) -> dict[int, eligibility.Verdict]:
    """Whether the household meets the conditions of each item for a need of that kind, by the item's key."""
    facts = facts_of(need)
    binding = EditionStatus.with_trait(BINDING)
    items = Item.objects.filter(need_kind=need.kind, edition__status__in=binding).order_by()
    rows = items.values("pk", *eligibility.CONDITIONS)
    return {row["pk"]: eligibility.judge(eligibility.as_fields(row), facts) for row in rows}


def _judged(
    rows: list[dict[str, Any]], facts: eligibility.Facts, weights: dict[str, float], stale: int
) -> list[Candidate]:
    """Each row as a candidate; an item's conditions are checked once for all its offers."""
    verdicts: dict[int, eligibility.Verdict] = {}
    found = []
    for row in rows:
        item = row["item_id"]
        if item not in verdicts:
            verdicts[item] = eligibility.judge(eligibility.as_fields(row), facts)
        found.append(Candidate(row, weights, verdicts[item], stale))
    return found


def facts_of(need: Need) -> eligibility.Facts:
    """What is known, for the conditions of items: of the person whose need it is, otherwise of everybody in
    the household.
    """
    household = need.matter.household
    people = (
        [need.person]
        if need.person
        else [home.person for home in household.members.filter(valid_to=None).select_related("person")]
    )
    ages = tuple(age for age in (person.age() for person in people) if age is not None)
    whole = len(ages) >= (1 if need.person else household.size)
    return eligibility.Facts(
        category=household.category,
        ages=ages,
        everybody=whole,
        monthly_income=household.monthly_income,
        standard=eligibility.standard(),
        disability=_gravest(people, whole),
        # A household that a window of the city serves lives in the city.
        residence=household.registration or Residence.RESIDENT,
    )


def _gravest(people: Iterable[Person], whole: bool) -> str | None:
    """The gravest certificate; None unless everybody was asked about it."""
    said = {person.disability for person in people}
    if Certificate.SEVERE in said:
        return Disability.SEVERE
    if Certificate.CERTIFIED in said:
        return Disability.CERTIFIED
    return "" if whole and said == {Certificate.NONE} else None
