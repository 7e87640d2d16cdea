"""What a scorecard compares a provider with: the results of its peers, added up whenever results are kept.

The peers of a provider are the graded ones of its round that have its nature, itself among them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from evaluations.assessments.models import Assessment
from evaluations.indicators import formulas
from evaluations.rounds.models import PeerSums, Round

#: Shares are added up in tenths of a percent, as they are shown.
TENTHS, TENTH = 10, Decimal("0.1")


def shares_by_group(parts: Iterable[dict[str, Any]]) -> dict[str, float | None]:
    """The share reached (percent, one digit) by group of indicators, in order; None without data."""
    found: dict[str, list[tuple[float, float]]] = {}
    for part in parts:
        name = part.get("group") or part["title"]
        found.setdefault(name, [])
        if part["share"] is not None:
            found[name].append((float(part["weight"]), float(part["share"])))
    return {
        name: round(sum(w * s for w, s in some) / sum(w for w, _ in some) * 100, 1) if some else None
        for name, some in found.items()
    }


def add_up(round_: Round) -> None:
    """Add up the results that the assessments of a round hold now, by the nature of the provider."""
    lowest_first = round_.assessments.order_by("total")
    rows = lowest_first.values_list("provider__nature", "total", "parts")
    found: dict[str, list[tuple[Decimal, list[dict[str, Any]]]]] = defaultdict(list)
    for nature, total, parts in rows:
        if total is not None:
            found[nature].append((total, parts))
    round_.peer_sums.exclude(nature__in=found).delete()
    PeerSums.objects.bulk_create(
        [PeerSums(round=round_, nature=nature, **added_up(of_one)) for nature, of_one in found.items()],
        update_conflicts=True,
        unique_fields=["round", "nature"],
        update_fields=["graded", "total", "totals", "groups"],
    )


def added_up(results: Sequence[tuple[Decimal, list[dict[str, Any]]]]) -> dict[str, Any]:
    """The columns of ``PeerSums`` for results as (total, parts), the lowest total first."""
    totals = [total for total, _parts in results]
    groups: dict[str, list[int]] = {}
    for _total, parts in results:
        for group, share in shares_by_group(parts).items():
            if share is not None:
                sums = groups.setdefault(group, [0, 0])
                sums[0] += round(share * TENTHS)
                sums[1] += 1
    return {"graded": len(totals), "total": sum(totals, Decimal("0")), "totals": totals, "groups": groups}


def of(assessment: Assessment) -> PeerSums:
    """The peers of an assessment; empty where none of them is graded."""
    nature = assessment.provider.nature
    nobody = PeerSums(
        round=assessment.round, nature=nature, graded=0, total=Decimal("0"), totals=[], groups={}
    )
    return assessment.round.peer_sums.filter(nature=nature).first() or nobody


def by_round(rounds: Sequence[int], nature: str) -> dict[int, PeerSums]:
    """The sums of the totals of one nature in several rounds, by the key of the round; none of a round in which no
    provider that has this nature today is graded.
    """
    kept = PeerSums.objects.filter(round__in=rounds, nature=nature).defer("totals", "groups")
    return {sums.round_id: sums for sums in kept}


def mean_total(sums: PeerSums | None, own: Decimal | None) -> float | None:
    """The mean of the totals of the others, to two digits; None where there are none. ``own`` is not counted."""
    if sums is None:
        return None
    others = sums.graded - (own is not None)
    rest = Fraction(sums.total) - Fraction(own or 0)
    return float(formulas.rounded(rest / others, formulas.CENT)) if others > 0 else None


def mean_shares(sums: PeerSums, own: dict[str, float | None]) -> dict[str, float | None]:
    """The means of the shares of the others by group (percent, one digit); ``own`` ones are not counted."""
    means: dict[str, float | None] = defaultdict(lambda: None)
    for group, (tenths, known) in sums.groups.items():
        mine = own.get(group)
        others = known - (mine is not None)
        rest = tenths - round((mine or 0) * TENTHS)
        means[group] = float(formulas.rounded(Fraction(rest, TENTHS * others), TENTH)) if others > 0 else None
    return means


def place_of(sums: PeerSums, total: Decimal) -> int:
    """The place of a total among the peers, 1 for the highest; equal totals share a place."""
    return sums.graded - bisect_right(sums.totals, total) + 1
