"""The best overall assignment of many referrals to many offers, without a database.

Where only places limit, it is a min-cost flow, which is exact. Where units of a contract or of a week limit
too, whole referrals no longer split evenly: the linear program gives the bound and the prices, and what it
leaves open is decided by a small integer program.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from highspy import Highs, HighsLp, HighsModelStatus, HighsVarType, MatrixFormat, SolutionStatus
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

Ints = NDArray[np.int64]


Floats = NDArray[np.float64]


#: Points are whole numbers in the flow, in thousandths.
FINE = 1000


#: The largest gap to the bound (a share) before more pairs are decided by the integer program.
NEAR = 0.0005


#: The distances in points within which alternatives are tried again, from narrow to wide, and the
#: seconds that a try may take.
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
        """What each pair takes of its offer, and what the offer has, for places, week and pot."""
        ones = np.ones_like(self.referral)
        return (
            (ones, self.places),
            (self.units[self.referral], self.pot),
            (self.weekly[self.referral], self.week),
        )

    def only(self, pairs: Ints) -> Problem:
        """The same problem with some of the pairs."""
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
    """``offer_of`` by referral (-1: no room), points in all, and the bound that none can exceed."""

    offer_of: Ints
    total: float
    bound: float

    @property
    def gap(self) -> float:
        """The distance of the total to the bound, as a share of the bound."""
        return (self.bound - self.total) / self.bound if self.bound else 0.0


def solve(problem: Problem) -> Assignment:
    """Assign each referral to at most one offer, within every limit."""
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
    """The best assignment if only places were limited: a min-cost flow."""
    referrals, offers = len(problem.units), len(problem.places)
    source, sink = referrals + offers, referrals + offers + 1
    every, one = np.arange(referrals), np.ones(referrals, dtype=np.int64)
    nothing = np.zeros(referrals, dtype=np.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(np.full(referrals, source), every, one, nothing)
    flow.add_arcs_with_capacity_and_unit_cost(every, np.full(referrals, sink), one, nothing)
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


def program_of(problem: Problem) -> HighsLp:
    """The linear program: a column for each pair; a row for each referral, then one for each offer's places,
    pot and week.
    """
    pairs, referrals, offers = len(problem.referral), len(problem.units), len(problem.places)
    rows, taken, most = [problem.referral], [np.ones(pairs)], [np.ones(referrals)]
    for number, (taking, has) in enumerate(problem.limits):
        rows.append(referrals + number * offers + problem.offer)
        taken.append(taking.astype(float))
        most.append(has.astype(float))
    program = HighsLp()
    program.num_col_, program.num_row_ = pairs, referrals + 3 * offers
    program.col_cost_ = -problem.points
    program.col_lower_, program.col_upper_ = np.zeros(pairs), np.full(pairs, np.inf)
    program.row_lower_, program.row_upper_ = np.full(program.num_row_, -np.inf), np.concatenate(most)
    cells = program.a_matrix_
    cells.format_ = MatrixFormat.kColwise
    cells.start_ = np.arange(0, 4 * pairs + 1, 4)
    cells.index_, cells.value_ = np.column_stack(rows).ravel(), np.column_stack(taken).ravel()
    return program


class Solver(Highs):
    """HiGHS without output on the console, where setting up its callbacks prints a banner."""

    def enableCallbacks(self) -> None:
        """Enable none: none is needed."""
        self.silent()


def solved(program: HighsLp, **options: float | str) -> Solver:
    """The program after HiGHS has solved it, with further options."""
    solver = Solver()
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(program)
    solver.run()
    return solver


def _linear(problem: Problem) -> tuple[float, Floats]:
    """The optimum of the linear program, and the price of each limit."""
    found = solved(program_of(problem), solver="ipm")
    if found.getModelStatus() != HighsModelStatus.kOptimal:
        raise ArithmeticError(found.modelStatusToString(found.getModelStatus()))
    return -found.getObjectiveValue(), -np.array(found.getSolution().row_dual)


def _round(problem: Problem, bound: float, prices: Floats, width: float, seconds: float) -> Ints:
    """Fix the pairs that the prices make certain, and decide the rest as whole referrals."""
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
    """The points of each pair minus the price of what it takes."""
    referrals, offers = len(problem.units), len(problem.places)
    worth = problem.points.copy()
    for number, (taken, _has) in enumerate(problem.limits):
        first = referrals + number * offers
        worth -= prices[first : first + offers][problem.offer] * taken
    return worth


def _fitting(problem: Problem, pairs: Ints) -> Ints:
    """The pairs, in the order of their points, that fit one after another."""
    left = [has.copy() for _taken, has in problem.limits]
    taken = [amounts for amounts, _has in problem.limits]
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
    """What each offer still has after ``pairs`` are taken."""
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
    """The integer program of the open pairs; pairs that cannot fit are left out."""
    fits = np.ones(len(problem.referral), dtype=bool)
    for taken, has in problem.limits:
        fits &= has[problem.offer] >= taken
    pairs = np.flatnonzero(fits)
    if not len(pairs):
        return pairs
    program = program_of(problem.only(pairs))
    program.col_upper_ = np.ones(len(pairs))
    program.integrality_ = [HighsVarType.kInteger] * len(pairs)
    gap = NEAR / 2 * bound / _at_most(problem.only(pairs))
    found = solved(program, mip_rel_gap=gap, time_limit=seconds)
    if found.getInfo().primal_solution_status != SolutionStatus.kSolutionStatusFeasible:
        return pairs[:0]  # out of time: the greedy filling takes over
    return pairs[np.array(found.getSolution().col_value) > 0.5]


def _at_most(problem: Problem) -> float:
    """The points if every referral got its best pair."""
    best = np.zeros(len(problem.units))
    np.maximum.at(best, problem.referral, problem.points)
    return float(best.sum())


def _fill(problem: Problem, chosen: Ints) -> Ints:
    """Give referrals without an offer what is left, best first."""
    settled = np.zeros(len(problem.units), dtype=bool)
    settled[problem.referral[chosen]] = True
    free = np.flatnonzero(~settled[problem.referral])
    return _fitting(_left_over(problem, chosen), free)
