"""How points are made: worked by hand, and what holds for all inputs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.indicators import formulas
from evaluations.indicators.formulas import Points, Standing
from evaluations.sheets import agreement

THRESHOLDS = {"excellent": 90, "good": 80, "pass": 60}
shares = st.one_of(st.none(), st.fractions(min_value=0, max_value=1, max_denominator=1000))
schemes = st.lists(st.tuples(st.integers(1, 40), shares), min_size=1, max_size=12).map(
    lambda rows: [Points(str(n), "", Fraction(w), s) for n, (w, s) in enumerate(rows)]
)
counts = st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
mixes = st.dictionaries(st.sampled_from("abcd"), counts, min_size=1)
case_levels = st.lists(st.lists(st.integers(1, 5), max_size=3), min_size=1, max_size=6)


# --- weights and totals -------------------------------------------------------------------


@given(schemes)
def test_a_total_lies_between_0_and_100_or_is_no_data(points):
    total = formulas.total_of(points)
    if all(point.share is None for point in points):
        assert total is None
    else:
        assert 0 <= total <= 100


@given(schemes, st.integers(0, 11), st.fractions(min_value=0, max_value=1, max_denominator=1000))
def test_a_better_share_never_lowers_the_total(points, index, gain):
    index %= len(points)
    each = points[index]
    if each.share is None:
        return
    better = list(points)
    better[index] = Points(each.key, "", each.weight, each.share + (1 - each.share) * gain)
    assert formulas.total_of(better) >= formulas.total_of(points)


@given(schemes, st.integers(2, 9))
def test_only_the_proportion_of_the_weights_matters(points, factor):
    heavier = [Points(p.key, "", p.weight * factor, p.share) for p in points]
    assert formulas.total_of(heavier) == formulas.total_of(points)


@given(schemes)
def test_the_order_of_indicators_does_not_matter(points):
    assert formulas.total_of(points) == formulas.total_of(list(reversed(points)))


def test_the_weight_of_what_has_no_data_is_spread_over_the_rest():
    points = [
        Points("a", "", Fraction(30), Fraction(1)),
        Points("b", "", Fraction(20), Fraction(1, 2)),
        Points("c", "", Fraction(50), None),
    ]
    assert formulas.total_of(points) == Decimal("80.00")  # (30 + 10) of 50


@pytest.mark.parametrize(
    "total,grade",
    [
        ("100", "excellent"),
        ("90", "excellent"),
        ("89.99", "good"),
        ("80", "good"),
        ("79.99", "pass"),
        ("60", "pass"),
        ("59.99", "fail"),
        ("0", "fail"),
    ],
)
def test_a_threshold_belongs_to_the_better_grade(total, grade):
    assert formulas.grade_of(Decimal(total), THRESHOLDS) == grade


def test_a_veto_fails_whatever_the_total():
    assert formulas.grade_of(Decimal("99"), THRESHOLDS, vetoed=True) == "fail"


# --- levels -------------------------------------------------------------------------------


@given(case_levels, st.randoms())
def test_the_order_of_raters_and_of_cases_does_not_matter(cases, random: Random):
    shuffled = [random.sample(levels, len(levels)) for levels in cases]
    random.shuffle(shuffled)
    assert formulas.share_of_levels(shuffled) == formulas.share_of_levels(cases)


@given(case_levels, st.data())
def test_a_higher_level_never_lowers_a_share(cases, data):
    there = [(c, r) for c, levels in enumerate(cases) for r, level in enumerate(levels) if level < 5]
    if not there:
        return
    case, rater = data.draw(st.sampled_from(there))
    better = [list(levels) for levels in cases]
    better[case][rater] += 1
    assert formulas.share_of_levels(better) > formulas.share_of_levels(cases)


def test_levels_are_averaged_by_case_and_then_over_the_cases():
    # (5 + 3) / 2 = 4 and 2: the mean is 3, half way from 1 to 5.
    assert formulas.share_of_levels([[5, 3], [2]]) == Fraction(1, 2)
    assert formulas.share_of_levels([[1], [1, 1]]) == 0
    assert formulas.share_of_levels([[], [5]]) == 1
    assert formulas.share_of_levels([[], []]) is None


# --- figures ------------------------------------------------------------------------------


def test_an_interval_of_wilson_as_worked_by_hand():
    # 8 of 10: (0.8 + 0.19208) / 1.38416 ± 1.96 / 1.38416 · sqrt(0.016 + 0.0096040)
    low, high = formulas.wilson(8, 10)
    assert (formulas.rounded(low), formulas.rounded(high)) == (Decimal("0.4902"), Decimal("0.9433"))


@given(counts)
def test_an_interval_holds_its_share_and_stays_within_0_and_1(count):
    yes, n = count
    if n:
        low, high = formulas.wilson(yes, n)
        assert 0 <= low <= Fraction(yes, n) <= high <= 1


def test_a_share_of_hard_cases_is_held_against_how_others_fare_with_hard_cases():
    others = {"easy": (90, 100), "hard": (40, 100)}
    takes_the_hard = formulas.adjusted({"hard": (20, 50)}, others)
    takes_the_easy = formulas.adjusted({"easy": (45, 50)}, others)
    assert takes_the_hard.raw < takes_the_easy.raw
    assert takes_the_hard.value == takes_the_easy.value == Fraction(65, 100)
    assert takes_the_hard.expected == Fraction(4, 10)


@given(mixes, mixes, st.data())
def test_more_success_never_lowers_an_adjusted_share(own, others, data):
    found = formulas.adjusted(own, others)
    room = [mix for mix, (yes, n) in own.items() if yes < n]
    if found is None or not room:
        return
    mix = data.draw(st.sampled_from(room))
    better = formulas.adjusted({**own, mix: (own[mix][0] + 1, own[mix][1])}, others)
    assert better.value >= found.value
    assert 0 <= found.value <= 1


def test_a_kind_of_case_that_others_hardly_know_is_filled_up_with_their_whole():
    # Others: 80 of 100 in all, none with this kind: expected is 0.8 of each case.
    found = formulas.adjusted({"rare": (4, 5)}, {"usual": (80, 100)})
    assert (found.expected, found.value) == (Fraction(8, 10), Fraction(8, 10))


def test_what_the_others_never_reached_counts_as_half_a_success_of_theirs():
    # Others: 0 of 20 of this kind, 50 of 50 of another; 0.5 / 20 is expected, their whole is 50 / 70.
    found = formulas.adjusted({"hard": (0, 4)}, {"hard": (0, 20), "easy": (50, 50)})
    assert (found.expected, found.value) == (Fraction(1, 40), 0)
    assert formulas.adjusted({"hard": (1, 4)}, {"hard": (0, 20), "easy": (50, 50)}).value == 1


def test_without_others_a_share_is_not_adjusted():
    found = formulas.adjusted({"a": (3, 4)}, {})
    assert (found.value, found.expected) == (Fraction(3, 4), None)


def test_few_answers_are_pulled_to_the_mean_of_the_others_and_say_so():
    # Two households gave 5; the others' mean is 4; ten weigh in: (2·5 + 10·4) / 12.
    found = formulas.satisfaction(2 * 6 * 5, 2 * 6 * 25, 12, (400, 100), prior=10, enough=30)
    assert found.value == Fraction(50, 12)
    assert (found.raw, found.n, found.shrunk) == (5, 2, True)


def test_many_answers_stand_for_themselves():
    found = formulas.satisfaction(30 * 6 * 4, 30 * 6 * 16, 180, (300, 100), prior=10, enough=30)
    assert (found.value, found.shrunk) == (4, False)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=40), st.data())
def test_a_better_answer_never_lowers_satisfaction(marks, data):
    def of(given_: list[int]) -> Fraction:
        return formulas.satisfaction(
            6 * sum(given_), 6 * sum(m * m for m in given_), 6 * len(given_), (800, 200), 10, 30
        ).value

    place = data.draw(st.integers(0, len(marks) - 1))
    better = list(marks)
    better[place] = min(5, better[place] + 1)
    assert of(better) >= of(marks)


def test_a_value_between_the_anchors_of_a_scale_gets_its_part_of_the_points():
    assert formulas.scaled(Fraction(3, 4), "0.5", "1") == Fraction(1, 2)
    assert formulas.scaled(Fraction(26), "48", "4") == Fraction(1, 2)  # hours: fewer are better
    assert formulas.scaled(Fraction(2), "0", "1") == 1
    assert formulas.scaled(Fraction(0), "0.5", "1") == 0


# --- ranks --------------------------------------------------------------------------------


def test_equals_share_a_rank_and_the_next_is_skipped():
    of = [
        Standing(1, False, Decimal("90"), Decimal("20")),
        Standing(2, False, Decimal("80"), Decimal("20")),
        Standing(3, False, Decimal("80"), Decimal("20")),
        Standing(4, False, Decimal("70"), Decimal("9")),
    ]
    assert formulas.ranked(of) == {1: 1, 2: 2, 3: 2, 4: 4}


def test_results_break_a_tie_and_a_veto_stands_last():
    of = [
        Standing(1, True, Decimal("99"), Decimal("27")),
        Standing(2, False, Decimal("80"), Decimal("19")),
        Standing(3, False, Decimal("80"), Decimal("20")),
    ]
    assert formulas.ranked(of) == {3: 1, 2: 2, 1: 3}


# --- agreement ----------------------------------------------------------------------------


def test_krippendorffs_alpha_is_1_where_all_agree_and_falls_where_they_do_not():
    assert agreement.alpha([[1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]) == 1
    low = agreement.alpha([[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]])
    near = agreement.alpha([[1, 2, 3, 4, 5], [1, 2, 3, 4, 4]])
    assert low < 0 < near < 1


def test_alpha_of_the_example_in_krippendorffs_own_paper():
    # Computing Krippendorff's Alpha-Reliability (2011), example C: ordinal, missing data; 0.815.
    nan = float("nan")
    matrix = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3],
        [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan],
    ]
    assert agreement.alpha(matrix) == pytest.approx(0.815, abs=0.001)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=20))
def test_alpha_does_not_depend_on_who_is_named_first(pairs):
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    assert agreement.alpha([one, other]) == agreement.alpha([other, one])


def test_alpha_is_not_defined_where_all_levels_are_the_same_or_nobody_can_be_compared():
    nan = float("nan")
    assert agreement.alpha([[3, 3], [3, 3]]) is None
    assert agreement.alpha([[3, nan], [nan, 4]]) is None
    assert agreement.alpha([[3, 4]]) is None


# --- control charts -----------------------------------------------------------------------


def test_the_limits_of_a_p_chart_as_worked_by_hand():
    # 0.9 ± 3 · sqrt(0.9 · 0.1 / 36) = 0.9 ± 0.15; a share stays below 1.
    low, high = formulas.limits_of_share(Fraction(9, 10), 36)
    assert (formulas.rounded(low), high) == (Decimal("0.7500"), 1)


def test_the_limits_of_a_u_chart_as_worked_by_hand():
    # 0.04 ± 3 · sqrt(0.04 / 100) = 0.04 ± 0.06; nothing is rarer than never.
    low, high = formulas.limits_of_rate(Fraction(4, 100), 100)
    assert (low, formulas.rounded(high)) == (0, Decimal("0.1000"))


def test_eight_points_in_a_row_on_the_bad_side_are_a_signal():
    assert formulas.run_on_one_side([True] * 8)
    assert not formulas.run_on_one_side([True] * 7)
    assert not formulas.run_on_one_side([True] * 4 + [False] + [True] * 4)
