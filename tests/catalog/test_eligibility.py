"""Conditions as data, held against what is known of a household."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.items.eligibility import Facts, conditions, judge
from catalog.items.kinds import Disability, Residence
from catalog.items.models import Item
from households.register.models import Category


def item(**given) -> Item:
    return Item(code="B01.01", **given)


KNOWN = Facts(
    category="minimum_living",
    ages=(30, 72),
    everybody=True,
    monthly_income=Decimal("900"),
    standard=Decimal("1000"),
    disability="certified",
    residence="registered",
)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"categories": ["extremely_poor", "minimum_living"]},
        {"age_from": 60},
        {"age_to": 30},
        {"age_from": 72, "age_to": 72},
        {"disability": "certified"},
        {"income_percent": 90},
        {"residence": "resident"},
        {"residence": "registered"},
    ],
)
def test_who_meets_every_condition_is_eligible_with_nothing_to_check(given):
    verdict = judge(item(**given), KNOWN)
    assert (verdict.eligible, verdict.to_check) == (True, ())


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"categories": ["extremely_poor"]}, "救助类别：特困供养"),
        ({"age_from": 73}, "年满 73 周岁"),
        ({"age_to": 29}, "不超过 29 周岁"),
        ({"age_from": 31, "age_to": 71}, "31 至 71 周岁"),
        ({"disability": "severe"}, "一级、二级残疾"),
        ({"income_percent": 89}, "人均收入不超过低保标准的 89%"),
    ],
)
def test_each_condition_not_met_is_told_in_words(given, words):
    assert judge(item(**given), KNOWN).why_not == (words,)


@pytest.mark.parametrize(
    ("given", "facts"),
    [
        ({"categories": ["extremely_poor"]}, Facts()),
        ({"categories": ["extremely_poor"]}, Facts(category="none")),
        ({"age_from": 60}, Facts()),
        ({"age_from": 60}, Facts(ages=(30,))),  # not everybody is known
        ({"disability": "certified"}, Facts()),
        ({"income_percent": 150}, Facts(standard=Decimal("1000"))),
        ({"residence": "registered"}, Facts(residence="resident")),
        ({"residence": "resident"}, Facts()),
    ],
)
def test_what_is_not_known_excludes_nobody_and_is_to_be_checked(given, facts):
    verdict = judge(item(**given), facts)
    assert (verdict.eligible, len(verdict.to_check)) == (True, 1)


def test_the_gravest_grade_meets_the_condition_of_any():
    assert judge(item(disability="certified"), Facts(disability="severe")).eligible


CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "categories": st.lists(st.sampled_from(Category.values), min_size=1),
        "age_from": st.integers(0, 120),
        "disability": st.sampled_from(Disability.values),
        "income_percent": st.integers(1, 400),
        "residence": st.sampled_from(Residence.values),
    },
)
FACTS = st.builds(
    Facts,
    category=st.none() | st.sampled_from(Category.values),
    ages=st.lists(st.integers(0, 120), max_size=5).map(tuple),
    everybody=st.booleans(),
    monthly_income=st.none() | st.decimals(0, 9999, places=2),
    standard=st.none() | st.decimals(1, 9999, places=2),
    disability=st.none() | st.sampled_from(["", *Disability.values]),
    residence=st.none() | st.sampled_from(["", *Residence.values]),
)


@given(CONDITIONS, FACTS)
def test_every_condition_is_met_not_met_or_to_be_checked_and_never_two_of_these(given, facts):
    verdict = judge(item(**given), facts)
    said = [*verdict.why_not, *verdict.to_check]
    assert set(said) <= set(conditions(item(**given)))
    assert len(said) == len(set(said))


@given(CONDITIONS)
def test_who_is_wholly_unknown_is_excluded_from_nothing(given):
    assert judge(item(**given), Facts()).eligible
