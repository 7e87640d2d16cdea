"""The best overall assignment of many referrals to many offers, without a database.

Where only places limit, it is a min-cost flow, which is exact. Where units of a contract or of a week limit
too, whole referrals no longer split evenly: prices of what is scarce give the bound and say who goes where,
exchanges of places mend what does not fit. Where that does not come near the bound (few referrals, tight
limits), the linear program gives exact prices, and what they leave open is decided by a small integer program.
"""

from __future__ import annotations

import numpy as np
from ortools.graph.python import min_cost_flow

from referrals.rematching.exchanging import arranged
from referrals.rematching.pricing import Options, prices_of, worth_of
from referrals.rematching.problem import Assignment, Ints, Problem
from referrals.rematching.programs import NEAR, decided, filled, linear

#: Points are whole numbers in the flow, in thousandths.
FINE = 1000


#: The distances in points within which alternatives are tried again, from narrow to wide, and the
#: seconds that a try may take.
LOOKS = ((0.3, 4.0), (0.6, 8.0), (1.2, 12.0))


def solve(problem: Problem) -> Assignment:
    """Assign each referral to at most one offer, within every limit."""
    if not len(problem.referral):
        return Assignment(np.full(len(problem.units), -1), 0.0, 0.0)
    options = Options.of(problem)
    prices, bound = prices_of(problem, options)
    if not prices[1:].any():
        chosen = flow(problem)
        if problem.within(chosen):
            return _answer(problem, chosen, float(problem.points[chosen].sum()))
    enough = bound * (1 - NEAR)
    chosen = filled(problem, arranged(problem, options, prices, enough))
    if problem.points[chosen].sum() < enough:
        chosen, bound = _by_programs(problem, chosen)
    return _answer(problem, chosen, bound)


def _by_programs(problem: Problem, chosen: Ints) -> tuple[Ints, float]:
    """A better choice of pairs than that, if there is one, and the bound of the linear program."""
    bound, prices = linear(problem)
    worth = worth_of(problem, prices)
    for width, seconds in LOOKS:
        found = decided(problem, bound, worth, width, seconds)
        chosen = max(chosen, found, key=lambda pairs: problem.points[pairs].sum())
        if problem.points[chosen].sum() >= bound * (1 - NEAR):
            break
    return chosen, bound


def _answer(problem: Problem, pairs: Ints, bound: float) -> Assignment:
    offer_of = np.full(len(problem.units), -1, dtype=np.int64)
    offer_of[problem.referral[pairs]] = problem.offer[pairs]
    return Assignment(offer_of, float(problem.points[pairs].sum()), bound)


def flow(problem: Problem) -> Ints:
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
