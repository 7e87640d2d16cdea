"""The best overall assignment of many referrals to many offers, without a database.

Where only places bind, it is a min-cost flow, which is exact. Where units of a contract
or of a week bind too, whole referrals no longer split evenly: the linear program gives
the bound and the prices, and what it leaves open is decided by a small integer program.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_matrix, csr_matrix

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

#: Points are whole numbers in the flow: thousandths.
FINE = 1000

#: How far from the bound an assignment may stay before more of it is opened.
NEAR = 0.0005

#: Points within which an alternative is looked at again, from narrow to wide; and the
#: seconds that each look may take.
LOOKS = ((0.3, 4.0), (0.6, 8.0), (1.2, 12.0))


@dataclass(frozen=True)
class Problem:
    """``pairs`` possible pairs, as arrays of one length: ``referral`` and ``offer`` (numbers
    from 0) and ``points``, positive.

    ``units`` and ``weekly`` are what each referral takes; ``places``, ``week`` and ``pot``
    what each offer still has; ``pot`` is the contract line's quota or the charity's stock.
    """

    referral: Ints
    offer: Ints
    points: Floats
    units: Ints
    weekly: Ints
    places: Ints
    week: Ints
    pot: Ints

    @property
    def limits(self) -> tuple[tuple[Ints, Ints], ...]:
        """What a pair takes of its offer, and what the offer has, three times over."""
        ones = np.ones_like(self.referral)
        return (
            (ones, self.places),
            (self.units[self.referral], self.pot),
            (self.weekly[self.referral], self.week),
        )

    def only(self, pairs: Ints) -> Problem:
        """The same with some of the pairs."""
        return Problem(
            self.referral[pairs],
            self.offer[pairs],
            self.points[pairs],
            self.units,
            self.weekly,
            self.places,
            self.week,
            self.pot,
        )


@dataclass(frozen=True)
class Assignment:
    """``offer_of`` by referral (-1: no room), points in all, and what none can exceed."""

    offer_of: Ints
    total: float
    bound: float

    @property
    def gap(self) -> float:
        """How far the total stays behind the bound, as a share of it."""
        return (self.bound - self.total) / self.bound if self.bound else 0.0


def solve(problem: Problem) -> Assignment:
    """Assign each referral to one offer at most, within every limit."""
    if not len(problem.referral):
        return Assignment(np.full(len(problem.units), -1), 0.0, 0.0)
    chosen = _flow(problem)
    if _within(problem, chosen):
        total = float(problem.points[chosen].sum())
        return _answer(problem, chosen, total)
    bound, prices = _linear(problem)
    best = np.array([], dtype=np.int64)
    for width, seconds in LOOKS:
        found = _round(problem, bound, prices, width, seconds)
        if problem.points[found].sum() > problem.points[best].sum():
            best = found
        if problem.points[best].sum() >= bound * (1 - NEAR):
            break
    return _answer(problem, best, bound)


def _answer(problem: Problem, pairs: Ints, bound: float) -> Assignment:
    offer_of = np.full(len(problem.units), -1, dtype=np.int64)
    offer_of[problem.referral[pairs]] = problem.offer[pairs]
    return Assignment(offer_of, float(problem.points[pairs].sum()), bound)


def _within(problem: Problem, pairs: Ints) -> bool:
    offers = problem.offer[pairs]
    return all((np.bincount(offers, taken[pairs], len(has)) <= has).all() for taken, has in problem.limits)


def _flow(problem: Problem) -> Ints:
    """The best assignment if places alone were scarce: a min-cost flow."""
    referrals, offers = len(problem.units), len(problem.places)
    source, sink = referrals + offers, referrals + offers + 1
    each, one = np.arange(referrals), np.ones(referrals, dtype=np.int64)
    nothing = np.zeros(referrals, dtype=np.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(np.full(referrals, source), each, one, nothing)
    flow.add_arcs_with_capacity_and_unit_cost(each, np.full(referrals, sink), one, nothing)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        problem.referral,
        referrals + problem.offer,
        np.ones(len(problem.referral), dtype=np.int64),
        (-problem.points * FINE).round().astype(np.int64),
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        referrals + np.arange(offers), np.full(offers, sink), problem.places, np.zeros(offers, dtype=np.int64)
    )
    flow.set_nodes_supplies(np.array([source, sink]), np.array([referrals, -referrals]))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise ArithmeticError(f"min-cost flow: {status}")
    return np.flatnonzero(flow.flows(arcs))


def matrix_of(problem: Problem) -> tuple[csr_matrix, Floats]:
    """Rows: each referral once, then each offer's places, pot and week."""
    referrals, offers = len(problem.units), len(problem.places)
    column = np.arange(len(problem.referral))
    rows, values, most = [problem.referral], [np.ones(len(column))], [np.ones(referrals)]
    for number, (taken, has) in enumerate(problem.limits):
        rows.append(referrals + number * offers + problem.offer)
        values.append(taken.astype(float))
        most.append(has.astype(float))
    shape = (referrals + 3 * offers, len(column))
    cells = (np.concatenate(values), (np.concatenate(rows), np.tile(column, 4)))
    return coo_matrix(cells, shape=shape).tocsr(), np.concatenate(most)


def _linear(problem: Problem) -> tuple[float, Floats]:
    """The linear program's optimum, and the price of each limit."""
    matrix, most = matrix_of(problem)
    found = linprog(-problem.points, A_ub=matrix, b_ub=most, bounds=(0, None), method="highs-ipm")
    if not found.success:
        raise ArithmeticError(found.message)
    return -float(found.fun), -found.ineqlin.marginals


def _round(problem: Problem, bound: float, prices: Floats, width: float, seconds: float) -> Ints:
    """Fix what the prices leave no doubt about, and decide the rest as whole referrals."""
    worth = _worth(problem, prices)
    best = np.zeros(len(problem.units))
    np.maximum.at(best, problem.referral, worth)
    close = worth >= best[problem.referral] - width
    choices = np.bincount(problem.referral[close], minlength=len(best)) + (best < width)
    sure = close & (choices[problem.referral] == 1)
    fixed = _fitting(problem, np.flatnonzero(sure))
    settled = np.zeros(len(best), dtype=bool)
    settled[problem.referral[fixed]] = True
    rest = _left_over(problem, fixed)
    open_pairs = np.flatnonzero(close & ~settled[problem.referral])
    decided = _decide(rest.only(open_pairs), bound, seconds)
    chosen = np.concatenate([fixed, open_pairs[decided]])
    return np.concatenate([chosen, _fill(problem, chosen)])


def _worth(problem: Problem, prices: Floats) -> Floats:
    """Points of each pair less the price of what it takes."""
    referrals, offers = len(problem.units), len(problem.places)
    worth = problem.points.copy()
    for number, (taken, _has) in enumerate(problem.limits):
        first = referrals + number * offers
        worth -= prices[first : first + offers][problem.offer] * taken
    return worth


def _fitting(problem: Problem, pairs: Ints) -> Ints:
    """Of pairs in the order of their points those that fit one after another."""
    left = [has.copy() for _taken, has in problem.limits]
    taken = [each for each, _has in problem.limits]
    held, kept = set(), []
    for pair in pairs[np.argsort(-problem.points[pairs], kind="stable")]:
        offer, referral = problem.offer[pair], problem.referral[pair]
        if referral in held or any(has[offer] < need[pair] for has, need in zip(left, taken, strict=True)):
            continue
        for has, need in zip(left, taken, strict=True):
            has[offer] -= need[pair]
        held.add(referral)
        kept.append(pair)
    return np.array(kept, dtype=np.int64)


def _left_over(problem: Problem, pairs: Ints) -> Problem:
    """What each offer still has once ``pairs`` are taken."""
    left = [
        has - np.bincount(problem.offer[pairs], taken[pairs], len(has)).astype(np.int64)
        for taken, has in problem.limits
    ]
    return Problem(
        problem.referral,
        problem.offer,
        problem.points,
        problem.units,
        problem.weekly,
        places=left[0],
        pot=left[1],
        week=left[2],
    )


def _decide(problem: Problem, bound: float, seconds: float) -> Ints:
    """The integer program of what is open; pairs that cannot fit are left out."""
    fits = np.ones(len(problem.referral), dtype=bool)
    for taken, has in problem.limits:
        fits &= has[problem.offer] >= taken
    pairs = np.flatnonzero(fits)
    if not len(pairs):
        return pairs
    small = problem.only(pairs)
    matrix, most = matrix_of(small)
    needed = np.flatnonzero(np.diff(matrix.indptr))
    worth = _at_most(small)
    found = milp(
        -small.points,
        constraints=LinearConstraint(matrix[needed], ub=most[needed]),
        integrality=np.ones(len(pairs)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": NEAR / 2 * bound / worth, "time_limit": seconds},
    )
    if found.x is None:  # out of time: the greedy filling does what it can
        return pairs[:0]
    return pairs[found.x > 0.5]


def _at_most(problem: Problem) -> float:
    """The points if every referral got its best pair."""
    best = np.zeros(len(problem.units))
    np.maximum.at(best, problem.referral, problem.points)
    return float(best.sum())


def _fill(problem: Problem, chosen: Ints) -> Ints:
    """Whoever is still without an offer takes what is left, best first."""
    settled = np.zeros(len(problem.units), dtype=bool)
    settled[problem.referral[chosen]] = True
    free = np.flatnonzero(~settled[problem.referral])
    return _fitting(_left_over(problem, chosen), free)
