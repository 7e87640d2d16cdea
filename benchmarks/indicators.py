"""Automatic indicators of all providers of the city; a scheme simulated over 500 providers."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial

import numpy as np

from benchmarks import floors
from benchmarks.measuring import Case, Row, in_turns, row_of
from evaluations.indicators import tallies
from evaluations.indicators.measures import MEASURES, figure_of
from evaluations.indicators.models import TallySpan
from evaluations.schemes import defaults
from evaluations.simulations import simulating
from foundation import moments

#: SQL: the tables that the tallies of a year are summed from, each read once and by provider.
FLOOR = (
    "SELECT provider_id, count(answered_at), count(finished_at), sum(used) FROM referrals_referral GROUP BY 1",
    "SELECT r.provider_id, count(v.confirmed) FROM referrals_visit v"
    " JOIN referrals_referral r ON r.id = v.referral_id GROUP BY 1",
    "SELECT r.provider_id, count(c.stopped_at) FROM foundation_clock c JOIN referrals_referral r"
    " ON r.id = c.object_id WHERE c.lifecycle = 'referrals.Referral' GROUP BY 1",
    "SELECT line_id, sum(units) FROM contracts_delivery GROUP BY 1",
    "SELECT r.provider_id, sum(s.score) FROM referrals_satisfaction s"
    " JOIN referrals_referral r ON r.need_id = s.need_id GROUP BY 1",
)

#: How often each is called after the first time.
TIMES = 1


def run(scale: str) -> list[Row]:
    """The figures, the tallies, the update by a day, and the simulation."""
    last = moments.today() - timedelta(days=1)
    first = last - timedelta(days=tallies.WINDOW - 1)
    tallies.rebuild()
    by_table = "its tables read once"
    cases = (
        Case(
            "all automatic indicators of all providers",
            by_table,
            partial(_everything, first, last),
            _tables,
            2,
        ),
        Case("tallies of all providers summed anew and kept", by_table, tallies.rebuild, _tables, 2),
        Case("a day of the tallies carried on", "summed anew", _a_day, tallies.rebuild, 0.05),
    )
    rows = [row_of(case, in_turns(case, seconds=0, fewest=TIMES)) for case in cases]
    return [*rows, _simulation(500, 1_000 if scale == "full" else 100)]


def _tables() -> None:
    """Read what figures are made of."""
    for statement in FLOOR:
        floors.keys(statement)


def _everything(first: object, last: object) -> int:
    """Every measure of every provider, adjusted and shrunk."""
    survey = defaults.survey()
    found = tallies.everybody(first, last)
    return sum(
        figure_of(key, evidence, survey) is not None for evidence in found.values() for key in MEASURES
    )


def _a_day() -> None:
    """Update by yesterday: the span is set back by a day first, as it was the night before."""
    TallySpan.objects.filter(pk=1).update(
        last=moments.today() - timedelta(days=2), first=moments.today() - timedelta(days=1 + tallies.WINDOW)
    )
    assert tallies.roll_forward() == 1


def _simulation(providers: int, resamples: int) -> Row:
    """A scheme of 14 indicators resampled, in seconds, compared with drawing as many random numbers alone."""
    random = np.random.default_rng(2026)
    levels = random.integers(1, 6, (providers, 4, 2)).astype(float)
    nothing = np.zeros(providers)
    indicators = [
        simulating.Indicator(
            7.0,
            random.uniform(0.5, 1, providers),
            random.integers(5, 200, providers).astype(float),
            nothing,
            np.ones(providers),
        )
        for _n in range(11)
    ]
    indicators += [
        simulating.Indicator(7.0, nothing, nothing, nothing, nothing, 1.0, 5.0, levels) for _n in range(3)
    ]
    begin = time.perf_counter()
    simulating.resampled(indicators, resamples, 1)
    ours = (time.perf_counter() - begin) * 1000
    begin = time.perf_counter()
    for _n in range(11):
        random.binomial(100, 0.8, (providers, resamples))
    for _n in range(3):
        random.random((providers, resamples, 4))
        random.random((providers, resamples, 4, 2))
    base = (time.perf_counter() - begin) * 1000
    return Row(
        f"simulation: {resamples:,} resamples over {providers} providers / its random numbers alone",
        ours,
        base,
        5,
    )
