"""Re-matching 10,000 referrals over 500 offers, compared with the min-cost flow alone on the same graph."""

from __future__ import annotations

from functools import partial

import numpy as np
from ortools.graph.python import min_cost_flow

from benchmarks.measuring import Case, Row, Times, growth, in_turns, median, milliseconds, row_of
from referrals.rematching import assigning, programs
from referrals.rematching.problem import Assignment, Problem

#: Referrals and offers of the small graph; the large one has ten times as many.
SIZES = {"small": (100, 6), "full": (1_000, 50)}

#: How many offers of the same item serve the town of a referral.
OPTIONS = 25

#: Targets: the whole, how near to the optimum it comes, and one more provider that leaves.
WHOLE, NEAR, ONE_MORE = 3, 1.001, 0.2


def run(scale: str) -> list[Row]:
    """How long the whole takes and one more provider after it, how it grows, and how near it comes."""
    small, large = (leaving(*(number * times for number in SIZES[scale])) for times in (1, 10))
    size = f"re-matching {len(large.units):,} referrals over {len(large.places)} offers"
    case = _case(size, large)
    times, fewer = in_turns(case, seconds=6), in_turns(_case(size, small), seconds=6)
    found = assigning.solve(large)
    rest = one_more(large, found, offer=int(np.bincount(found.offer_of[found.offer_of >= 0]).argmax()))
    after = [milliseconds(partial(assigning.solve, rest)) for _turn in range(21)]
    program = programs.solved(programs.program_of(large), solver="ipm")
    return [
        row_of(case, times),
        Row(
            f"{size}, then one more provider with {len(rest.units)} referrals / the full run",
            median(after),
            median(times.ours),
            ONE_MORE,
        ),
        Row(f"{size}: the linear program's optimum / our total", -program.getObjectiveValue(), found.total, NEAR,
            unit="points"),
        *growth(f"{size}, time of a referral", _each(times, large), _each(fewer, small)),
    ]  # fmt: skip


def _case(name: str, problem: Problem) -> Case:
    flow = Flow(problem)
    return Case(name, "the min-cost flow alone", partial(assigning.solve, problem), flow, WHOLE)


def _each(times: Times, problem: Problem) -> Times:
    """The same times for each referral."""
    return Times(ours=[spent / len(problem.units) for spent in times.ours])


class Flow:
    """The min-cost flow of a problem in which places alone limit, as a graph that only has to be solved."""

    def __init__(self, problem: Problem) -> None:
        referrals, offers = len(problem.units), len(problem.places)
        source, sink = referrals + offers, referrals + offers + 1
        every, to = np.arange(referrals), referrals + problem.offer
        ends = np.full(referrals, sink)
        points = (problem.points * 1000).round().astype(np.int64)
        self._graph = min_cost_flow.SimpleMinCostFlow()
        for tails, heads, most, cost in (
            (np.full(referrals, source), every, np.ones(referrals), np.zeros(referrals)),
            (every, ends, np.ones(referrals), np.zeros(referrals)),
            (problem.referral, to, np.ones(len(to)), -points),
            (referrals + np.arange(offers), np.full(offers, sink), problem.places, np.zeros(offers)),
        ):
            self._graph.add_arcs_with_capacity_and_unit_cost(
                tails, heads, most.astype(np.int64), cost.astype(np.int64)
            )
        self._graph.set_nodes_supplies(np.array([source, sink]), np.array([referrals, -referrals]))

    def __call__(self) -> float:
        if self._graph.solve() != self._graph.OPTIMAL:
            raise ArithmeticError("the flow was not solved")
        return -self._graph.optimal_cost() / 1000


def one_more(problem: Problem, found: Assignment, *, offer: int) -> Problem:
    """What is left to decide when the provider of an offer leaves after ``found``: its referrals, over what
    the other offers still have. That is the problem of the next re-matching.
    """
    placed = np.flatnonzero(found.offer_of[problem.referral] == problem.offer)
    rest = problem.after(placed)
    going = np.flatnonzero(found.offer_of == offer)
    pairs = np.flatnonzero(np.isin(problem.referral, going) & (problem.offer != offer))
    return Problem(
        referral=np.searchsorted(going, problem.referral[pairs]),
        offer=problem.offer[pairs],
        points=problem.points[pairs],
        units=problem.units[going],
        weekly=problem.weekly[going],
        places=rest.places,
        week=rest.week,
        pot=rest.pot,
    )


def leaving(referrals: int, offers: int) -> Problem:
    """Open referrals as they are in the city: units of 2 to 12, a quarter of them a week; offers with as many
    places and as much quota left as providers usually have.
    """
    random = np.random.default_rng(2026)
    share, options = referrals / offers, min(OPTIONS, offers)
    units = random.choice([2, 4, 4, 8, 12], referrals)
    return Problem(
        referral=np.repeat(np.arange(referrals), options),
        offer=np.concatenate([random.choice(offers, size=options, replace=False) for _ in range(referrals)]),
        points=random.uniform(30, 95, referrals * options).round(1),
        units=units,
        weekly=-(-units // 4),
        places=random.integers(int(share / 2), int(share * 2), offers),
        week=random.integers(int(share), int(share * 4), offers),
        pot=random.integers(int(share * 3), int(share * 16), offers),
    )
