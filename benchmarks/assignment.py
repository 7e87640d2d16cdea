"""Re-matching 10,000 referrals over 500 offers, compared with the linear program's optimum."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.measuring import Row
from referrals.rematching import assigning, programs
from referrals.rematching.problem import Problem

SIZES = {"small": (1_000, 60), "full": (10_000, 500)}

#: How many offers of the same item serve the town of a referral.
OPTIONS = 25


def run(scale: str) -> list[Row]:
    """Two rows: how near the total comes to the optimum, and how long it takes compared with the program
    alone.
    """
    problem = leaving(*SIZES[scale])
    begin = time.perf_counter()
    found = assigning.solve(problem)
    ours = (time.perf_counter() - begin) * 1000
    program = programs.program_of(problem)
    begin = time.perf_counter()
    best = -programs.solved(program, solver="ipm").getObjectiveValue()
    base = (time.perf_counter() - begin) * 1000
    size = f"{len(problem.units):,} referrals over {len(problem.places)} offers"
    near = best / found.total
    return [
        {
            "name": f"re-matching {size}: the program's optimum / our total",
            "ours": round(found.total, 1),
            "base": round(best, 1),
            "ratio": round(near, 5),
            "target": 1.001,
            "holds": near <= 1.001,
        },
        {
            "name": f"re-matching {size}: time / the linear program alone",
            "ours": round(ours, 1),
            "base": round(base, 1),
            "ratio": round(ours / base, 3),
            "target": 3,
            "holds": ours / base <= 3,
        },
    ]


def leaving(referrals: int, offers: int) -> Problem:
    """Open referrals as they are in the city: units of 2 to 12, a quarter of them a week; offers with as many
    places and as much quota left as providers usually have.
    """
    random = np.random.default_rng(2026)
    share = referrals / offers
    units = random.choice([2, 4, 4, 8, 12], referrals)
    return Problem(
        referral=np.repeat(np.arange(referrals), OPTIONS),
        offer=np.concatenate([random.choice(offers, size=OPTIONS, replace=False) for _ in range(referrals)]),
        points=random.uniform(30, 95, referrals * OPTIONS).round(1),
        units=units,
        weekly=-(-units // 4),
        places=random.integers(int(share / 2), int(share * 2), offers),
        week=random.integers(int(share), int(share * 4), offers),
        pot=random.integers(int(share * 3), int(share * 16), offers),
    )
