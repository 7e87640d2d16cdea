"""Programs of HiGHS: the linear program of an assignment, and the integer program of what prices leave open."""

from __future__ import annotations

import numpy as np
from highspy import Highs, HighsLp, HighsModelStatus, HighsVarType, MatrixFormat, SolutionStatus

from referrals.rematching.problem import Floats, Ints, Problem

#: The largest gap to the bound (a share) before pairs are decided by the integer program.
NEAR = 0.0005


def program_of(problem: Problem) -> HighsLp:
    """The linear program: a column for each pair; a row for each referral, then one for each offer's places,
    week and pot.
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


def linear(problem: Problem) -> tuple[float, Floats]:
    """The optimum of the linear program, and its prices (rows as in ``Problem.has``)."""
    found = solved(program_of(problem), solver="ipm")
    if found.getModelStatus() != HighsModelStatus.kOptimal:
        raise ArithmeticError(found.modelStatusToString(found.getModelStatus()))
    prices = -np.array(found.getSolution().row_dual)[len(problem.units) :]
    return -found.getObjectiveValue(), prices.reshape(problem.has.shape)


def decided(problem: Problem, bound: float, worth: Floats, width: float, seconds: float) -> Ints:
    """Fix the pairs that prices make certain, and decide the rest as whole referrals.

    ``worth`` are the points of each pair after prices; what is within ``width`` of the best is looked at.
    """
    best = np.zeros(len(problem.units))
    np.maximum.at(best, problem.referral, worth)
    close = worth >= best[problem.referral] - width
    choices = np.bincount(problem.referral[close], minlength=len(best)) + (best < width)
    fixed = _fitting(problem, np.flatnonzero(close & (choices[problem.referral] == 1)))
    settled = np.isin(problem.referral, problem.referral[fixed])
    open_pairs = np.flatnonzero(close & ~settled)
    rest = _integer(problem.after(fixed).only(open_pairs), bound, seconds)
    return filled(problem, np.concatenate([fixed, open_pairs[rest]]))


def filled(problem: Problem, chosen: Ints) -> Ints:
    """The chosen pairs, and what is left for referrals without an offer, best first."""
    free = np.flatnonzero(~np.isin(problem.referral, problem.referral[chosen]))
    return np.concatenate([chosen, _fitting(problem.after(chosen), free)])


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


def _integer(problem: Problem, bound: float, seconds: float) -> Ints:
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
