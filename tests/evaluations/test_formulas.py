"""How points are made."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations import formulas
from evaluations.formulas import Points

THRESHOLDS = {"excellent": 90, "good": 80, "pass": 60}
shares = st.one_of(st.none(), st.decimals(min_value=0, max_value=1, places=4))
schemes = st.lists(
    st.tuples(st.integers(1, 40), shares), min_size=1, max_size=12
).map(lambda rows: [Points(str(n), "", Decimal(w), s) for n, (w, s) in enumerate(rows)])  # fmt: skip


@given(schemes)
def test_a_total_lies_between_0_and_100_or_is_no_data(points):
    total = formulas.total_of(points)
    if all(each.share is None for each in points):
        assert total is None
    else:
        assert 0 <= total <= 100


@given(schemes, st.integers(0, 11))
def test_a_better_share_never_lowers_the_total(points, index):
    index %= len(points)
    each = points[index]
    if each.share is None:
        return
    better = list(points)
    better[index] = Points(each.key, "", each.weight, Decimal("1"))
    assert formulas.total_of(better) >= formulas.total_of(points)


@given(schemes)
def test_the_order_of_indicators_does_not_matter(points):
    assert formulas.total_of(points) == formulas.total_of(list(reversed(points)))


def test_the_weight_of_what_has_no_data_is_spread_over_the_rest():
    points = [
        Points("a", "", Decimal("30"), Decimal("1")),
        Points("b", "", Decimal("20"), Decimal("0.5")),
        Points("c", "", Decimal("50"), None),
    ]
    assert formulas.total_of(points) == Decimal("80.00")  # (30 + 10) of 50


@pytest.mark.parametrize(
    "total,grade",
    [("100", "excellent"), ("90", "excellent"), ("89.99", "good"), ("80", "good"), ("79.99", "pass"),
     ("60", "pass"), ("59.99", "fail"), ("0", "fail")],
)  # fmt: skip
def test_a_threshold_belongs_to_the_better_grade(total, grade):
    assert formulas.grade_of(Decimal(total), THRESHOLDS) == grade


def test_rubric_levels_are_shares_and_two_evaluators_are_averaged():
    indicator = {"key": "k", "title": "", "weight": 10, "source": "scored"}
    assert formulas.points_of(indicator, {}, [5, 3], 5).share == Decimal("0.75")
    assert formulas.points_of(indicator, {}, [1, 1], 5).share == 0
    assert formulas.points_of(indicator, {}, [], 5).share is None


def test_a_survey_of_fewer_than_five_answers_is_not_scored():
    indicator = {
        "key": "k",
        "title": "",
        "weight": 12,
        "source": "survey",
        "figure": "satisfaction",
    }
    few = {"satisfaction": {"value": 5.0, "n": 4}}
    enough = {"satisfaction": {"value": 4.0, "n": 5}}
    assert formulas.points_of(indicator, few, [], 5).share is None
    assert formulas.points_of(indicator, enough, [], 5).share == Decimal("0.75")


def test_an_automatic_figure_without_records_is_no_data_and_never_zero():
    indicator = {"key": "k", "title": "", "weight": 8, "source": "automatic", "figure": "answered"}
    assert formulas.points_of(indicator, {}, [], 5).share is None
    assert formulas.points_of(indicator, {"answered": {"value": 0.0, "n": 3}}, [], 5).share == 0
