"""The scorecard of a provider: points by group, history, peer ranking, largest possible gains."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from evaluations.assessments.models import Assessment
from evaluations.indicators import formulas, measures
from evaluations.indicators.measures import MEASURES
from evaluations.phases import TOLD
from evaluations.rounds import peers, results
from evaluations.rounds.models import PeerSums
from evaluations.rounds.states import RoundStatus
from evaluations.scorecards import charts

#: How many rounds the line goes back, and how many peers are drawn evenly through their order.
ROUNDS, BARS = 8, 40


#: Columns of earlier results that the line does not need.
HEAVY = ("evidence", "figures", "parts", "report")


@dataclass(frozen=True)
class Chart:
    """A chart, a title that states what it shows, and its numbers as a table."""

    title: str
    svg: str
    heads: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    @property
    def image(self) -> str:
        """The chart as a data address for a page."""
        return charts.as_image(self.svg)


@dataclass(frozen=True)
class Gain:
    """One indicator, the points (of 100) that it could still add to the total, and what helps."""

    title: str
    points: Decimal
    now: str
    advice: str


def parts_shown(assessment: Assessment) -> list[dict[str, Any]]:
    """The parts of a result with their values in words, by group."""
    leaves = {leaf["key"]: leaf for leaf in assessment.round.scheme.leaves}
    shown = []
    for part in assessment.parts:
        figure = part.get("figure", "")
        leaf = leaves.get(part["key"], {})
        row = {**part, "source": leaf.get("source", ""), "points": _points(part), "words": _words(part)}
        if figure:
            row["measure"] = MEASURES[figure]
        shown.append(row)
    return shown


def _points(part: dict[str, Any]) -> str:
    if part["share"] is None:
        return "—"
    return f"{float(part['weight']) * float(part['share']):.2f}"


def _words(part: dict[str, Any]) -> str:
    """How a part came about, in one line."""
    figure = part.get("figure")
    if not figure:
        return _("%(n)s 个评分") % {"n": part["n"]} if part.get("n") else ""
    say = measures.written
    words = [f"{say(figure, float(part['value']))}", _("样本 %(n)s") % {"n": part["n"]}]
    if part.get("expected"):
        words.append(
            _("未调整 %(raw)s，别家接同类个案会有 %(expected)s")
            % {"raw": say(figure, float(part["raw"])), "expected": say(figure, float(part["expected"]))}
        )
    if part.get("low") and part["low"] != part["high"]:
        low, high = say(figure, float(part["low"])), say(figure, float(part["high"]))
        words.append(_("95%% 区间 %(low)s — %(high)s") % {"low": low, "high": high})
    if "asked" in part:
        answered = part["n"] / part["asked"] if part["asked"] else 0
        words.append(_("答复率 %(rate).0f%%") % {"rate": min(1, answered) * 100})
    if part.get("shrunk"):
        words.append(_("答卷少，已向全市平均靠拢（原为 %(raw)s）") % {"raw": say(figure, float(part["raw"]))})
    if part.get("few"):
        words.append(_("答卷太少，不计分，权重分摊到其他指标"))
    return " · ".join(words)


def _total(assessment: Assessment) -> Decimal:
    """The total of a graded assessment. Raises ``TypeError`` for one without a total."""
    if assessment.total is None:
        raise TypeError(f"{assessment} has no total")
    return assessment.total


def _height(assessment: Assessment) -> float:
    """The total as a number for a chart."""
    return float(_total(assessment))


def chart_of_groups(assessment: Assessment, sums: PeerSums) -> Chart:
    """The radar: the provider's share by group, beside the mean of its peers."""
    own = peers.shares_by_group(assessment.parts)
    means = peers.mean_shares(sums, {} if assessment.total is None else own)
    title = _strongest({name: value for name, value in own.items() if value is not None})
    names = _("本机构"), _("同类平均")
    svg = charts.radar(tuple(own), tuple(own.values()), tuple(means.get(n) for n in own), names)
    rows = [(name, _percent(own[name]), _percent(means.get(name))) for name in own]
    return Chart(title, svg, (_("一级指标"), *names), rows)


def _strongest(known: dict[str, float]) -> str:
    """A sentence on the strongest and the weakest group; empty where no two groups differ."""
    best = max(known, key=known.__getitem__, default="")
    worst = min(known, key=known.__getitem__, default="")
    if not known:
        return _("各项都没有数据")
    if known[best] == known[worst]:
        words = _("只有“%(name)s”有数据") if len(known) == 1 else _("有数据的各项一样高")
        return words % {"name": best} if len(known) == 1 else words
    return _("最强的是“%(best)s”（%(high)s%%），最弱的是“%(worst)s”（%(low)s%%）") % {
        "best": best,
        "high": known[best],
        "worst": worst,
        "low": known[worst],
    }


def _percent(value: float | None) -> str:
    return _("无数据") if value is None else f"{value}%"


def chart_of_rounds(assessment: Assessment) -> Chart:
    """The line: totals over the last rounds, beside the mean of the peers."""
    results_so_far = Assessment.objects.filter(
        provider=assessment.provider,
        total__isnull=False,
        round_id__lte=assessment.round_id,
        round__status__in=RoundStatus.in_phase(TOLD),
    ).order_by("-round_id")
    own = list(results_so_far.select_related("round").defer(*HEAVY)[:ROUNDS])[::-1]
    sums = peers.by_round([result.round_id for result in own], assessment.provider.nature)
    means = [peers.mean_total(sums.get(result.round_id), result.total) for result in own]
    change = _total(own[-1]) - _total(own[-2]) if len(own) > 1 else None
    if change is None:
        title = _("第一次评估，还没有可比的轮次")
    elif change >= 0:
        title = _("比上一轮高 %(points)s 分") % {"points": change}
    else:
        title = _("比上一轮低 %(points)s 分") % {"points": -change}
    labels = [result.round.title for result in own]
    names = _("本机构"), _("同类平均")
    svg = charts.trend(tuple(labels), tuple(_height(result) for result in own), tuple(means), names)
    rows = [
        (result.round.title, result.total, "—" if mean is None else mean)
        for result, mean in zip(own, means, strict=True)
    ]
    return Chart(title, svg, (_("轮次"), *names), rows)


def chart_of_peers(assessment: Assessment, sums: PeerSums) -> Chart:
    """The bars: the provider's rank among providers of the same nature, evenly chosen ones of many."""
    place = peers.place_of(sums, _total(assessment))
    totals = [float(total) for total in sums.totals]
    own = len(totals) - place
    drawn = evenly(len(totals), own)
    words = (
        _("在 %(n)s 家同类机构里排第 %(place)s")
        if len(drawn) == len(totals)
        else _("在 %(n)s 家同类机构里排第 %(place)s，图上均匀选画 %(drawn)s 家")
    )
    title = words % {"n": len(totals), "place": place, "drawn": len(drawn)}
    rows = [
        (_("本机构"), assessment.total),
        (_("同类最高"), totals[-1] if totals else "—"),
        (_("同类中位"), totals[len(totals) // 2] if totals else "—"),
        (_("同类最低"), totals[0] if totals else "—"),
    ]
    bars = [(totals[position], position == own) for position in drawn]
    return Chart(title, charts.peers(tuple(bars), _("本机构")), (_("位置"), _("总分")), rows)


def evenly(count: int, own: int) -> list[int]:
    """``BARS`` positions out of ``count``, evenly from the first to the last, and ``own`` beside them; all of few."""
    if count <= BARS:
        return list(range(count))
    return sorted({own, *(n * (count - 1) // (BARS - 1) for n in range(BARS))})


def gains(assessment: Assessment, most: int = 3) -> list[Gain]:
    """The ``most`` indicators with the most points left to gain, and what helps."""
    known = sum(Fraction(part["weight"]) for part in assessment.parts if part["share"] is not None)
    found = []
    for part in assessment.parts:
        if part["share"] is None or not known:
            continue
        left = Fraction(part["weight"]) * (1 - Fraction(part["share"])) / known * 100
        if left <= 0:
            continue
        figure = part.get("figure", "")
        leaf = assessment.round.scheme.leaf(part["key"]) or {}
        advice = (
            str(MEASURES[figure].advice)
            if figure
            else leaf.get("evidence", "") or _("对照评分标准，看评估人员写的说明，逐条改进。")
        )
        now = measures.written(figure, float(part["value"])) if figure else f"{float(part['share']):.0%}"
        found.append(Gain(part["title"], formulas.rounded(left, Decimal("0.1")), now, advice))
    return sorted(found, key=lambda gain: -gain.points)[:most]


def card(assessment: Assessment) -> dict[str, Any]:
    """The template context of a scorecard."""
    sums = peers.of(assessment)
    return {
        "assessment": assessment,
        "provider": str(assessment.provider),
        "round": assessment.round.title,
        "period": (assessment.round.period_from, assessment.round.period_to),
        "grade": assessment.grade_words,
        "short": None
        if assessment.total is not None or assessment.grade
        else int(results.least_share(assessment.round) * 100),
        "parts": parts_shown(assessment),
        "charts": [
            chart_of_groups(assessment, sums),
            *(
                []
                if assessment.total is None
                else (chart_of_rounds(assessment), chart_of_peers(assessment, sums))
            ),
        ],
        "gains": [] if assessment.total is None else gains(assessment),
        "vetoes": [
            next((v["title"] for v in assessment.round.scheme.vetoes if v["key"] == key), key)
            for key in assessment.vetoes
        ],
    }
