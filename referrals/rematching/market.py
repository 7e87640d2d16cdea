"""What other providers offer for the work of one that leaves."""

from __future__ import annotations

from typing import Any

from catalog.items import eligibility
from foundation.refusals import Invalid
from foundation.rules import reading
from referrals.matching import ranking, scoring
from referrals.matching.candidates import Candidate
from referrals.needs.models import Need
from referrals.offers import preparing
from referrals.offers.models import Referral


class Market:
    """The offers of other providers, each group of needs looked up and each judgement made once."""

    def __init__(self) -> None:
        self.weights = reading.current("matching.weights").value
        self.supply: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        self.verdicts: dict[tuple[Any, ...], eligibility.Verdict] = {}

    def candidates(self, referral: Referral) -> tuple[Candidate, ...]:
        """The offers that the referral could go to."""
        # A provider that serves until a new one accepts does not take over from itself.
        itself = {referral.provider_id, referral.replaces.provider_id if referral.replaces else None}
        facts = ranking.facts_of(referral.need)
        found = []
        for row in self._offers_for(referral.need):
            if (
                row["provider_id"] in itself
                or not row["fit"]
                or row["code"] != referral.offer.item.code
                or not _may_know(referral, row["provider_id"])
            ):
                continue
            verdict = self._verdict(row, facts)
            if verdict.eligible:
                found.append(Candidate(row, self.weights, verdict, stale_after=0))
        return tuple(found)

    def _offers_for(self, need: Need) -> list[dict[str, Any]]:
        """What is offered for needs of this kind, place, language and wish."""
        group = (need.town_id, need.kind, need.matter.household.language, need.worker_sex)
        if group not in self.supply:
            self.supply[group] = scoring.supply(need, units=1, weekly=1)
        return self.supply[group]

    def _verdict(self, row: dict[str, Any], facts: eligibility.Facts) -> eligibility.Verdict:
        """Whether somebody with these facts may have the item of an offer."""
        known = (row["item_id"], facts)
        if known not in self.verdicts:
            self.verdicts[known] = eligibility.judge(eligibility.as_fields(row), facts)
        return self.verdicts[known]


def _may_know(referral: Referral, provider_id: int) -> bool:
    """Whether the household's consent lets its data go to that provider as well."""
    try:
        preparing.consent_for(referral.need, provider_id)
    except Invalid:
        return False
    return True
