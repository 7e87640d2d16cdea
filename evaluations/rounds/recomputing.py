"""Computes published results again from the stored evidence, years later, and compares them with what was
published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from evaluations.assessments.models import Assessment
from evaluations.indicators import formulas
from evaluations.indicators.formulas import Points
from evaluations.rounds import results
from evaluations.rounds.models import Round
from evaluations.sheets import lots

#: The formulas by the version that a round records. ``results`` tells versions 1 and 2 apart by
#: the round; an older one that it cannot tell apart is kept here when a new one comes.
FORMULAS = {1: results, formulas.VERSION: results}


@dataclass(frozen=True)
class Compared:
    """One value: whose, which, as it was published, and as it was computed again."""

    of: str
    what: str
    published: Any
    made_again: Any

    @property
    def same(self) -> bool:
        """Whether both are equal, bit for bit."""
        return self.published == self.made_again


def rounds_with_results() -> list[Round]:
    """Every round whose results were announced to the providers."""
    return list(Round.objects.told().select_related("scheme").order_by("pk"))


def compare(round_: Round) -> Iterator[Compared]:
    """Compute every result of a round again. Raises ``KeyError`` for a version of the formulas that is not
    here.

    Rounds judged before evidence was stored (version 0) are computed from their parts.
    """
    if round_.formulas == 0:
        yield from _from_parts(round_)
        return
    module = FORMULAS[round_.formulas]
    if round_.digest:
        yield Compared(round_.title, "evidence", round_.digest, module.digest_of(round_))
    found = module.of_round(round_)
    for assessment in round_.assessments.select_related("provider__organization", "round"):
        name = str(assessment.provider)
        result, rank = found[assessment.pk]
        yield Compared(name, "parts", assessment.parts, result.parts)
        yield Compared(name, "total", assessment.total, result.total)
        yield Compared(name, "grade", assessment.grade, result.grade)
        yield Compared(name, "rank", assessment.rank, rank)
        yield Compared(name, "cases", *_cases(assessment))


def _cases(assessment: Assessment) -> tuple[list[int], list[int]]:
    """The cases that were drawn, and those that the seed draws again from the same number of cases.

    Cases are never deleted, and the set of those that ended within the period does not change.
    """
    drawn = list(assessment.cases.order_by("position").values_list("referral_id", flat=True))
    round_ = assessment.round
    again = lots.drawn_by(f"{round_.seed}:cases", lots.finished(assessment), round_.sample_size)
    return drawn, again


def _from_parts(round_: Round) -> Iterator[Compared]:
    for assessment in round_.assessments.select_related("provider__organization"):
        points = [
            Points(
                part["key"],
                part["title"],
                formulas.exactly(part["weight"]),
                None if part["share"] is None else Fraction(str(part["share"])),
            )
            for part in assessment.parts
        ]
        total = formulas.total_of(points)
        # Their shares were stored with four digits: the total may differ in the last digit.
        near = (
            total is not None
            and assessment.total is not None
            and abs(total - assessment.total) <= Decimal("0.02")
        )
        yield Compared(
            str(assessment.provider), "total", assessment.total, assessment.total if near else total
        )
