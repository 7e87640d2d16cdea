"""The formulas of points, grades and control limits: pure functions, each with its source.

All arithmetic is exact (``Fraction``) until it is rounded half up, so that a result can be made
again bit for bit on any machine. ``docs/formulas.md`` works every formula through by hand.
A change of any result here asks for a new ``VERSION`` (see ``evaluations.rounds.recomputing``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import isqrt
from typing import Any

#: The version of the formulas that a round records, so that it can be recomputed years later. Since
#: version 2 a total needs a least share of weights with data.
VERSION = 2


CENT, FOUR = Decimal("0.01"), Decimal("0.0001")


#: The 97.5 % point of the normal distribution, for intervals of 95 %.
Z = Fraction(196, 100)


#: Digits that a square root is exact to before it is rounded.
ROOT_DIGITS = 10**12


#: (yes, all): the numerator and denominator of a share.
Count = tuple[int, int]


def rounded(value: Fraction, to: Decimal = FOUR) -> Decimal:
    """A fraction as a decimal, half up."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(to, ROUND_HALF_UP)


def exactly(value: Any) -> Fraction:
    """A number of a scheme or a rule as an exact fraction of its decimal form."""
    return Fraction(str(value))


def root(value: Fraction) -> Fraction:
    """The square root of a number of at least 0, to twelve digits, rounded down."""
    return Fraction(isqrt(int(value * ROOT_DIGITS**2)), ROOT_DIGITS)


# --- figures ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figure:
    """A figure of one provider: the ``value`` that counts, and what it was made from.

    ``raw`` is the bare share or mean, ``low`` and ``high`` its 95 % interval; ``expected`` is the share that
    the other providers would have reached with the same cases (None: not adjusted); ``shrunk`` says that a
    small sample was pulled to the mean.
    """

    value: Fraction
    n: int
    raw: Fraction
    low: Fraction
    high: Fraction
    expected: Fraction | None = None
    shrunk: bool = False


def wilson(yes: int, n: int) -> tuple[Fraction, Fraction]:
    """The 95 % interval of a share.

    Source: E. B. Wilson, *Probable inference, the law of succession, and statistical inference*,
    JASA 22 (1927); it stays within 0 and 1 and holds for small numbers.
    """
    p, z2 = Fraction(yes, n), Z * Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * root(p * (1 - p) / n + z2 / (4 * n * n))
    # The root is cut off after twelve digits; the share itself always lies within.
    return min(p, max(Fraction(0), middle - half)), max(p, min(Fraction(1), middle + half))


def share(count: Count) -> Figure | None:
    """A plain share; None for nothing counted."""
    yes, n = count
    if not n:
        return None
    low, high = wilson(yes, n)
    return Figure(Fraction(yes, n), n, Fraction(yes, n), low, high)


def ratio(count: Count, sample: int | None = None) -> Figure | None:
    """A mean or a quotient of sums, without an interval; None for nothing counted. ``sample`` is n where it is not the divisor."""
    yes, of = count
    if not of:
        return None
    value = Fraction(yes, of)
    return Figure(value, of if sample is None else sample, value, value, value)


#: A stratum in which the other providers have fewer cases than this is filled up with their overall share.
LEAST_OTHERS = 10


#: Successes counted for the other providers where they have none at all (J. B. S. Haldane, 1956).
HALF = Fraction(1, 2)


def adjusted(own: Mapping[str, Count], others: Mapping[str, Count]) -> Figure | None:
    """A share adjusted for case mix, by indirect standardization.

    The provider's successes are divided by those that the other providers would have had with the same cases,
    and multiplied by the others' share. The provider itself is left out of the comparison, so that more
    successes can never lower its own figure. Strata that the others hardly have are filled up with their
    overall share.

    Source: indirect standardization as in N. E. Breslow and N. E. Day, *Statistical Methods in Cancer
    Research* II (IARC 1987), ch. 2; for services, L. I. Iezzoni (ed.), *Risk Adjustment for Measuring Health
    Care Outcomes*. Fewer than 10 comparable cases: filled up, as a prior of that weight.
    """
    yes, n = sum(y for y, _ in own.values()), sum(a for _, a in own.values())
    if not n:
        return None
    raw = Fraction(yes, n)
    low, high = wilson(yes, n)
    theirs = sum(y for y, _ in others.values()), sum(a for _, a in others.values())
    if not theirs[1] or not theirs[0]:
        return Figure(raw, n, raw, low, high)
    whole = Fraction(*theirs)
    expected = Fraction(0)
    for mix, (_yes, cases) in own.items():
        their_yes, their_all = others.get(mix, (0, 0))
        missing = max(0, LEAST_OTHERS - their_all)
        reached = their_yes + missing * whole or HALF
        expected += cases * reached / (their_all + missing)
    by = whole * n / expected
    value, lowest, highest = (min(Fraction(1), bound * by) for bound in (raw, low, high))
    return Figure(value, n, raw, lowest, highest, expected / n)


def satisfaction(
    total: int, squares: int, weight: int, others: Count, prior: int, enough: int
) -> Figure | None:
    """The mean of the households' ratings (1 to 5), pulled to the others' mean where few answered.

    ``total`` and ``squares`` are sums over the answers, each household weighing 6 in ``weight`` (two channels
    share it). With n households it is (n · own + k · others) / (n + k), k being ``prior`` where n is below
    ``enough`` and 0 from there on.

    Sources: B. Efron and C. Morris, *Stein's estimation rule and its competitors*, JASA 68 (1973), for the
    shrinkage; the interval is the normal one of a mean.
    """
    if not weight:
        return None
    n, mean = max(1, weight // 6), Fraction(total, weight)
    half = root(max(Fraction(0), Fraction(squares, weight) - mean * mean) / n) * Z
    few = n < enough and others[1] > 0
    value = mean
    if few:
        # Shrinkage narrows the interval by the same factor as the distance to the others' mean.
        value = (n * mean + prior * Fraction(*others)) / (n + prior)
        half = half * n / (n + prior)
    return Figure(value, n, mean, max(Fraction(1), value - half), min(Fraction(5), value + half), shrunk=few)


# --- points -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Points:
    """Points of one indicator: ``share`` of its weight (0 to 1), None for no data."""

    key: str
    title: str
    weight: Fraction
    share: Fraction | None


def scaled(value: Fraction, zero: Any, full: Any) -> Fraction:
    """The share of points (0 to 1) of a value between ``zero`` and ``full``; ``full`` may be the smaller one.

    Source: linear scoring between two anchors, as in the starter scheme (domain, section 6).
    """
    zero, full = exactly(zero), exactly(full)
    return min(Fraction(1), max(Fraction(0), (value - zero) / (full - zero)))


def share_of_levels(cases: Sequence[Sequence[int]]) -> Fraction | None:
    """Levels 1 to 5 by case and rater as a share: 1 is 0, 5 is 1.

    The mean of the raters of each case, then of the cases; the order of either does not matter. A case
    that nobody could judge is left out; None where none is left.
    """
    means = [Fraction(sum(levels), len(levels)) for levels in cases if levels]
    if not means:
        return None
    return (sum(means, Fraction(0)) / len(means) - 1) / 4


def total_of(points: Sequence[Points], least: Fraction = Fraction(0)) -> Decimal | None:
    """The total of 100; the weight of indicators without data is spread over the others in proportion.

    None where nothing has data, or the indicators with data make less than ``least`` (0 to 1) of all weights,
    so that a few opinions do not count as a whole. Source: domain, section 6 ('no data', never zero).
    """
    known = [(point.weight, point.share) for point in points if point.share is not None]
    weight = sum((w for w, _ in known), Fraction(0))
    whole = sum((point.weight for point in points), Fraction(0))
    if not weight or weight < least * whole:
        return None
    return rounded(sum((w * s for w, s in known), Fraction(0)) / weight * 100, CENT)


def grade_of(total: Decimal, thresholds: Mapping[str, Any], vetoed: bool = False) -> str:
    """excellent, good, pass or fail; a threshold belongs to the better grade, a veto fails.

    Source: domain, section 6 (优秀 90, 良好 80, 合格 60; 一票否决).
    """
    if vetoed:
        return "fail"
    for name in ("excellent", "good", "pass"):
        if exactly(total) >= exactly(thresholds[name]):
            return name
    return "fail"


@dataclass(frozen=True)
class Standing:
    """What a provider is ranked by: a veto comes last, then the total, then ``result`` (the points of
    results).
    """

    key: int
    vetoed: bool
    total: Decimal
    result: Decimal


def ranked(standings: Sequence[Standing]) -> dict[int, int]:
    """The rank of each provider by its key, 1 for the best.

    Equals share a rank, and the next rank is skipped (1, 2, 2, 4). The order is: no veto before a veto, the
    higher total, then more points for results of the service.
    """

    def order(standing: Standing) -> tuple[bool, Decimal, Decimal]:
        return standing.vetoed, -standing.total, -standing.result

    places = sorted(map(order, standings))
    return {standing.key: places.index(order(standing)) + 1 for standing in standings}


# --- control charts -----------------------------------------------------------------------


def limits_of_share(centre: Fraction, n: int, sigmas: int = 3) -> tuple[Fraction, Fraction]:
    """Limits of a p chart for a sample of ``n`` around the share ``centre``.

    Source: W. A. Shewhart, *Economic Control of Quality of Manufactured Product* (1931); the variable-width p
    chart as in D. C. Montgomery, *Introduction to Statistical Quality Control*, ch. 7.
    """
    half = sigmas * root(centre * (1 - centre) / n)
    return max(Fraction(0), centre - half), min(Fraction(1), centre + half)


def limits_of_rate(centre: Fraction, n: int, sigmas: int = 3) -> tuple[Fraction, Fraction]:
    """Limits of a u chart (events by unit, here complaints by case), as in Montgomery, ch. 7."""
    half = sigmas * root(centre / n)
    return max(Fraction(0), centre - half), centre + half


#: How many points in a row on the bad side of the centre are a signal.
RUN = 8


def run_on_one_side(bad: Sequence[bool], length: int = RUN) -> bool:
    """Whether the last ``length`` points were all on the bad side of the centre.

    Source: *Statistical Quality Control Handbook*, Western Electric (1956), fourth rule.
    """
    return len(bad) >= length and all(bad[-length:])
