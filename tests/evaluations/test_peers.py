"""What a scorecard compares a provider with is kept with the results, and is what all of them would come to."""

from __future__ import annotations

import itertools
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from evaluations.appeals import appealing
from evaluations.assessments.models import Assessment
from evaluations.rounds import peers
from evaluations.rounds.models import PeerSums
from evaluations.scorecards import card
from organizations.providers.models import Nature, Provider
from tests import factories
from tests.evaluations import judging
from tests.evaluations.judging import evaluator

GROUPS = ("响应可及", "服务成效", "守法安全")

#: A result as its total in cents, and the share reached in each group in ten-thousandths; None without data.
Drawn = tuple[int, list[int | None]]
SHARES = st.lists(st.none() | st.integers(0, 10_000), min_size=3, max_size=3)
RESULTS = st.lists(st.tuples(st.integers(0, 10_000), SHARES), min_size=1, max_size=60)


def result_of(drawn: Drawn) -> Assessment:
    total, shares = drawn
    parts = [
        {
            "title": name,
            "group": name,
            "weight": "10",
            "share": None if share is None else f"{share / 10_000:.4f}",
        }
        for name, share in zip(GROUPS, shares, strict=True)
    ]
    return Assessment(total=Decimal(total) / 100, parts=parts)


def sums_of(results: list[Assessment]) -> PeerSums:
    lowest_first = sorted(results, key=lambda result: result.total)
    return PeerSums(**peers.added_up([(result.total, result.parts) for result in lowest_first]))


def mean(values: list[float], digits: int) -> float | None:
    """The mean of numbers that stand for decimals, half up; None for none."""
    if not values:
        return None
    exact = sum((Fraction(str(value)) for value in values), Fraction(0)) / len(values)
    return math.floor(exact * 10**digits + Fraction(1, 2)) / 10**digits


@given(RESULTS, st.data())
def test_the_means_of_the_others_are_those_of_all_of_them_one_by_one(drawn, data):
    results = [result_of(one) for one in drawn]
    own = data.draw(st.sampled_from(results))
    others = [result for result in results if result is not own]
    sums = sums_of(results)
    assert peers.mean_total(sums, own.total) == mean([float(other.total) for other in others], 2)
    own_shares = peers.shares_by_group(own.parts)
    found = peers.mean_shares(sums, own_shares)
    for group in own_shares:
        shares = [peers.shares_by_group(other.parts)[group] for other in others]
        assert found[group] == mean([share for share in shares if share is not None], 1)


@given(RESULTS, SHARES)
def test_who_has_no_total_is_compared_with_all(drawn, shares):
    results = [result_of(one) for one in drawn]
    sums = sums_of(results)
    assert peers.mean_total(sums, None) == mean([float(other.total) for other in results], 2)
    found = peers.mean_shares(sums, {})
    for group in GROUPS:
        known = [peers.shares_by_group(other.parts)[group] for other in results]
        assert found[group] == mean([share for share in known if share is not None], 1)


@given(RESULTS, st.data())
def test_the_place_and_the_ends_are_those_of_all_of_them(drawn, data):
    results = [result_of(one) for one in drawn]
    own = data.draw(st.sampled_from(results))
    own.pk = 1
    sums = sums_of(results)
    chart = card.chart_of_peers(own, sums)
    place = sum(other.total > own.total for other in results) + 1
    heights = sorted(float(other.total) for other in results)
    assert f"在 {len(results)} 家同类机构里排第 {place}" in chart.title
    assert [row[1] for row in chart.rows] == [own.total, heights[-1], heights[len(heights) // 2], heights[0]]


@given(st.integers(1, 5_000), st.data())
def test_the_bars_go_evenly_from_the_first_to_the_last_with_the_own_one_among_them(count, data):
    own = data.draw(st.integers(0, count - 1))
    positions = card.evenly(count, own)
    assert len(positions) == count if count <= card.BARS else card.BARS <= len(positions) <= card.BARS + 1
    assert {0, own, count - 1} <= set(positions)
    assert positions == sorted(set(positions))
    gaps = [after - before for before, after in itertools.pairwise(positions)]
    assert max(gaps, default=1) <= count // (card.BARS - 1) + 1


def plainly(assessment: Assessment) -> dict[str, Any]:
    """The comparison as it would be by reading every peer."""
    found = assessment.round.assessments.filter(
        provider__nature=assessment.provider.nature, total__isnull=False
    )
    others = list(found.exclude(pk=assessment.pk))
    shares = [peers.shares_by_group(other.parts) for other in others]
    return {
        "of": len(found),
        "total": mean([float(other.total) for other in others], 2),
        "shares": {
            group: mean([each[group] for each in shares if each[group] is not None], 1)
            for group in peers.shares_by_group(assessment.parts)
        },
    }


def kept(assessment: Assessment) -> dict[str, Any]:
    """The same as its scorecard has it."""
    sums = peers.of(assessment)
    own = peers.shares_by_group(assessment.parts)
    means = peers.mean_shares(sums, own)
    return {
        "of": sums.graded,
        "total": peers.mean_total(sums, assessment.total),
        "shares": {group: means[group] for group in own},
    }


def a_round(levels: list[int]):
    """A told round of providers of two natures, whose sheets have these levels in turn."""
    factories.rule("evaluation.panel", rotation=0)
    providers = [factories.AccreditedProvider() for _level in levels]
    Provider.objects.filter(pk__in=[provider.pk for provider in providers[::2]]).update(nature=Nature.CHARITY)
    by_provider = dict(zip((provider.pk for provider in providers), levels, strict=True))
    return judging.told(providers, lambda sheet, mark, n: by_provider[sheet.assessment.provider_id])


def test_results_are_added_up_by_nature_when_they_are_told_and_when_an_appeal_is_granted():
    round_ = a_round([3, 4, 2, 5, 3])
    assert sorted(round_.peer_sums.values_list("nature", "graded")) == [
        ("charity", 3),
        ("social_work_agency", 2),
    ]
    for assessment in round_.assessments.all():
        assert kept(assessment) == plainly(assessment)
    loser = round_.assessments.order_by("total").first()
    before = loser.total
    by = factories.member_of(loser.provider)
    appeal = appealing.file(by=by, assessment=loser, indicator="staff", text="证件在有效期内")
    first, other = (evaluator(pk) for pk in appeal.reviewers)
    appeal = appealing.propose(appeal, by=first, percent=Decimal("100"), reason="属实")
    appealing.grant(appeal, by=other)
    loser.refresh_from_db()
    assert loser.total > before
    for assessment in round_.assessments.all():
        assert kept(assessment) == plainly(assessment)


def test_a_provider_without_a_grade_is_nobodys_peer():
    factories.rule("evaluation.panel", rotation=0)
    providers = [factories.AccreditedProvider() for _each in range(3)]
    unknown = providers[0].pk
    round_ = judging.told(
        providers, lambda sheet, mark, n: None if sheet.assessment.provider_id == unknown else 4, least=20
    )
    without = round_.assessments.get(provider=unknown)
    assert without.total is None
    assert peers.of(without).graded == 2
    (radar,) = card.card(without)["charts"]
    assert {row[2] for row in radar.rows} >= {"75.0%"}


def test_a_scorecard_reads_no_result_of_another_provider(result_of_five):
    with CaptureQueriesContext(connection) as asked:
        card.card(result_of_five)
    table = Assessment._meta.db_table
    reading = [query["sql"] for query in asked if f'FROM "{table}"' in query["sql"]]
    assert len(reading) == 1
    assert f'"provider_id" = {result_of_five.provider_id}' in reading[0]


@pytest.fixture
def result_of_five():
    return a_round([3, 4, 2, 5, 3]).assessments.select_related("round__scheme", "provider__organization")[0]
