"""The scorecard: points with their reasons, charts with their numbers, and what would help most; as page and PDF."""

from __future__ import annotations

import base64
import re
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from evaluations.rounds.documents import RESULTS
from evaluations.scorecards import card as scorecards_card
from evaluations.scorecards import charts
from evaluations.scorecards.documents import SCORECARD
from foundation.documents import making
from foundation.refusals import NotYours
from tests import factories
from tests.evaluations import judging
from tests.evaluations.judging import officer, only


@pytest.fixture
def result():
    """The assessment of a provider among three of its kind, in its second round."""
    factories.rule("evaluation.panel", rotation=0)
    providers = [judging.served(), factories.AccreditedProvider(), factories.AccreditedProvider()]
    judging.told(providers, 3)
    round_ = judging.told(providers, lambda sheet, mark, n: 2 if mark == "books" else 4)
    return round_.assessments.get(provider=providers[0])


def test_a_radar_by_group_a_line_over_rounds_and_the_place_among_its_like(result):
    card = scorecards_card.card(result)
    radar, line, bars = card["charts"]
    assert [row[0] for row in radar.rows] == [
        "响应可及",
        "服务过程",
        "服务成效",
        "专业质量",
        "资金使用",
        "守法安全",
    ]
    assert [row[1] for row in line.rows][-1] == result.total
    assert len(line.rows) == 2
    assert "比上一轮" in line.title
    assert bars.title == "在 3 家同类机构里排第 1"
    for chart in card["charts"]:
        svg = base64.b64decode(chart.image.removeprefix("data:image/svg+xml;base64,")).decode()
        assert svg.startswith("<svg")
        assert "本机构" in svg


def test_what_would_raise_the_score_most_comes_first_with_what_helps(result):
    gains = scorecards_card.card(result)["gains"]
    assert len(gains) == 3
    assert [g.points for g in gains] == sorted((g.points for g in gains), reverse=True)
    assert all(g.advice for g in gains)
    lost = {p["title"]: float(p["weight"]) * (1 - float(p["share"])) for p in result.parts if p["share"]}
    assert gains[0].title == max(lost, key=lost.get)


def test_reaching_all_that_is_named_would_reach_a_hundred(result):
    total = result.total + sum((gain.points for gain in scorecards_card.gains(result, most=99)), Decimal("0"))
    assert total == pytest.approx(Decimal("100"), abs=Decimal("0.6"))


def test_the_pdf_says_the_same_with_its_charts(result):
    document = making.made(SCORECARD, result, by=officer())
    reader = PdfReader(BytesIO(document.content()))
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    assert str(result.total) in text
    assert "最能提分的三件事" in text
    assert "在3家同类机构里排第1" in text
    assert "没有数据的指标不按零分算" in text
    # In the heads of two tables (again on a new page), and in the legends of two charts: they are drawn, not left out.
    assert text.count("同类平均") >= 4


def test_the_same_result_is_the_same_document_and_another_makes_another(result):
    first = making.made(SCORECARD, result, by=officer())
    assert making.made(SCORECARD, result, by=officer()).pk == first.pk
    type(result).objects.filter(pk=result.pk).update(total=Decimal("1.00"))
    result.refresh_from_db()
    assert making.made(SCORECARD, result, by=officer()).pk != first.pk


def test_a_scorecard_is_no_document_for_a_competitor(result):
    other = factories.AccreditedProvider()
    with pytest.raises(NotYours):
        making.made(SCORECARD, result, by=factories.member_of(other))


def test_the_announcement_of_a_round_is_public():
    round_ = judging.noticed([factories.AccreditedProvider()])
    document = making.made(RESULTS, round_, by=officer())
    text = "".join(p.extract_text() for p in PdfReader(BytesIO(document.content())).pages)
    assert round_.seed in text
    assert str(only(round_).total) in text


def test_a_chart_fetches_nothing_from_anywhere():
    svg = charts.radar(("一", "二", "三"), (90, None, 70), (80, 80, None), ("本机构", "同类平均"))
    outside = re.findall(r"(?:href|src)=[\"'](?!#)([^\"']+)", svg)
    assert outside == []
    assert "<script" not in svg


def test_the_page_of_a_result_asks_as_many_statements_for_many_parts_as_for_few(
    result, client_of, django_assert_max_num_queries
):
    client = client_of("minzheng")
    client.get(result.get_absolute_url())
    with django_assert_max_num_queries(40):
        page = client.get(result.get_absolute_url()).content.decode()
    assert page.count('class="chart"') == 3
