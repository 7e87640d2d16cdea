"""The assignment of referrals to offers: within every limit, and close to the best."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.rematching import assigning, programs
from referrals.rematching.problem import Assignment, Problem


def problem(seed: int, referrals: int, offers: int, options: int, room: float) -> Problem:
    random = np.random.default_rng(seed)
    rows = np.repeat(np.arange(referrals), options)
    columns = np.concatenate([random.choice(offers, size=options, replace=False) for _ in range(referrals)])
    units = random.choice([2, 4, 4, 8, 12], referrals)
    each = referrals / offers * room
    return Problem(
        referral=rows,
        offer=columns,
        points=random.uniform(30, 95, len(rows)).round(1),
        units=units,
        weekly=-(-units // 4),
        places=random.integers(1, max(2, int(2 * each)), offers),
        week=random.integers(1, max(2, int(4 * each)), offers),
        pot=random.integers(4, max(5, int(12 * each)), offers),
    )


def optimum(given: Problem) -> float:
    return -programs.solved(programs.program_of(given), solver="simplex").getObjectiveValue()


def obeys(given: Problem, found: Assignment) -> bool:
    placed = np.flatnonzero(found.offer_of >= 0)
    offers = found.offer_of[placed]
    count = len(given.places)
    return bool(
        (np.bincount(offers, minlength=count) <= given.places).all()
        and (np.bincount(offers, given.units[placed], count) <= given.pot).all()
        and (np.bincount(offers, given.weekly[placed], count) <= given.week).all()
    )


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    referrals=st.integers(1, 40),
    offers=st.integers(1, 8),
    room=st.sampled_from([0.3, 0.8, 1.5, 4.0]),
)
def test_an_assignment_obeys_every_limit_and_never_exceeds_its_bound(seed, referrals, offers, room):
    given_ = problem(seed, referrals, offers, min(offers, 4), room)
    found = assigning.solve(given_)
    assert obeys(given_, found)
    assert found.total <= found.bound + 1e-6
    pairs = set(zip(given_.referral.tolist(), given_.offer.tolist(), strict=True))
    assert all(o < 0 or (r, o) in pairs for r, o in enumerate(found.offer_of.tolist()))


def test_where_places_alone_bind_the_flow_is_the_optimum():
    given_ = problem(3, 300, 20, 6, 0.8)
    ample = np.full_like(given_.pot, 10**6)
    given_ = Problem(
        given_.referral, given_.offer, given_.points, given_.units, given_.weekly, given_.places, ample, ample
    )
    found = assigning.solve(given_)
    assert found.total == pytest.approx(optimum(given_))


def test_a_large_assignment_is_within_a_thousandth_of_the_linear_program():
    given_ = problem(1, 1500, 80, 12, 2.5)
    found = assigning.solve(given_)
    assert obeys(given_, found)
    assert found.total >= optimum(given_) * 0.999


def test_where_limits_are_tight_the_programs_decide_and_the_bound_is_their_optimum():
    given_ = problem(5, 200, 30, 10, 1.0)
    found = assigning.solve(given_)
    assert obeys(given_, found)
    assert found.bound == pytest.approx(optimum(given_), rel=1e-6)
    assert found.total >= optimum(given_) * 0.98


def test_referrals_with_few_options_or_none_stand_beside_those_with_many():
    given_ = Problem(
        referral=np.array([0, 0, 0, 2, 2, 4]),
        offer=np.array([0, 1, 2, 0, 1, 0]),
        points=np.array([90.0, 80.0, 70.0, 85.0, 40.0, 60.0]),
        units=np.array([4, 4, 4, 4, 4]),
        weekly=np.array([1, 1, 1, 1, 1]),
        places=np.array([1, 1, 1]),
        week=np.array([1, 1, 1]),
        pot=np.array([4, 4, 4]),
    )
    found = assigning.solve(given_)
    # All three that have options find room, though only one gets its first choice.
    assert found.offer_of.tolist() == [2, -1, 1, -1, 0]
    assert found.total == 170


def test_nobody_to_assign_is_an_empty_assignment():
    nothing = np.array([], dtype=np.int64)
    found = assigning.solve(
        Problem(nothing, nothing, np.array([]), nothing, nothing, nothing, nothing, nothing)
    )
    assert (found.total, found.gap, len(found.offer_of)) == (0, 0, 0)
