"""How points are made: pure functions, each with its rule.

Scheme: domain, section 6 (100 points; below 5 answers satisfaction is not
scored and its weight is spread; an indicator without data is 'no data').
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Points:
    """Points of one indicator: ``share`` of its weight (0 to 1), None for no data."""

    key: str
    title: str
    weight: Decimal
    share: Decimal | None


def share_of_level(level: float | Decimal) -> Decimal:
    """A rubric level 1 to 5 as a share: 1 is 0, 5 is 1."""
    return (Decimal(str(level)) - 1) / 4


def share_of_satisfaction(mean: float) -> Decimal:
    """A mean of 1 to 5 as a share."""
    return share_of_level(mean)


def points_of(
    indicator: Mapping[str, Any],
    figures: Mapping[str, Mapping[str, float]],
    levels: Sequence[int],
    smallest_survey: int,
) -> Points:
    """The points of one indicator from figures, or from evaluators' levels (mean)."""
    share: Decimal | None = None
    if indicator["source"] == "scored":
        if levels:
            share = share_of_level(Decimal(sum(levels)) / len(levels))
    elif figure := figures.get(indicator.get("figure", "")):
        if indicator["source"] == "survey":
            if figure["n"] >= smallest_survey:
                share = share_of_satisfaction(figure["value"])
        else:
            share = Decimal(str(figure["value"]))
    return Points(indicator["key"], indicator["title"], Decimal(str(indicator["weight"])), share)


def total_of(points: Sequence[Points]) -> Decimal | None:
    """The total of 100; the weight of what has no data is spread over the rest in
    proportion. None where nothing has data.
    """
    known = [each for each in points if each.share is not None]
    weight = sum((each.weight for each in known), Decimal("0"))
    if not weight:
        return None
    reached = sum((each.weight * (each.share or 0) for each in known), Decimal("0"))
    return (reached / weight * 100).quantize(CENT, ROUND_HALF_UP)


def grade_of(total: Decimal, thresholds: Mapping[str, float]) -> str:
    """excellent, good, pass or fail; a threshold belongs to the better grade."""
    for name in ("excellent", "good", "pass"):
        if total >= Decimal(str(thresholds[name])):
            return name
    return "fail"
