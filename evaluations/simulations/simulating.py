"""Simulate a draft scheme, or other thresholds, over a past round: the grades, and how certain they are.

Grades come from the stored evidence. How certain they are is found by resampling (B. Efron, *Bootstrap
methods: another look at the jackknife*, Annals of Statistics 7, 1979): the cases behind each figure and the
evaluators are drawn with replacement, many times. A share of n cases resampled from n cases is a binomial
number, which is drawn at once; levels are drawn by index. Nothing loops over cases in Python.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from contracts.contracts.models import Contract
from contracts.contracts.states import UNDER_WAY, ContractStatus
from evaluations.assessments.models import Assessment
from evaluations.indicators.formulas import CENT
from evaluations.indicators.measures import HOURS, MEASURES, SHARE, figure_of
from evaluations.rounds import results
from evaluations.rounds.models import Round
from evaluations.schemes import drafting
from evaluations.schemes.models import Scheme
from evaluations.simulations.models import Simulation
from evaluations.simulations.states import SIMULATION
from foundation.refusals import Invalid
from foundation.roles import Actor

GRADES = ("fail", "pass", "good", "excellent")


#: How many providers are resampled at once, which bounds the memory.
AT_ONCE = 100


#: In the place of a spread: the value is not resampled (a quotient of two amounts).
FIXED = -1.0


@dataclass(frozen=True)
class Indicator:
    """One indicator of all providers, as arrays by provider.

    ``value`` and ``n`` are the figure and its cases (n = 0: no data), ``spread`` the standard deviation of
    one case (0: a plain share, resampled as a binomial number), ``factor`` the adjustment of a share;
    ``levels`` (provider, case, rater) with NaN for missing, for scored indicators. ``zero`` and ``full`` are
    the scale.
    """

    weight: float
    value: np.ndarray
    n: np.ndarray
    spread: np.ndarray
    factor: np.ndarray
    zero: float = 0.0
    full: float = 1.0
    levels: np.ndarray | None = None
    least: int = 0


@SIMULATION.start("run")
def run(
    *, by: Actor, scheme: Scheme, round_: Round, grades: dict[str, float] | None = None, resamples: int = 1000
) -> Simulation:
    """Simulate a scheme (with other thresholds, where ``grades`` are given) over a round that has evidence.

    Raises ``Invalid`` for a round that was not scored, or was judged before evidence was stored, and for
    thresholds in the wrong order.
    """
    if round_.formulas < 1 or not round_.told:
        message = _("这一轮没有可以试算的证据。")
        raise Invalid(message, fields={"round_": message})
    thresholds = {**scheme.grades, **{k: v for k, v in (grades or {}).items() if v is not None}}
    drafting.require_order(thresholds)
    seed = secrets.randbits(62)
    return Simulation.objects.create(
        scheme=scheme,
        round=round_,
        grades=thresholds,
        resamples=resamples,
        seed=seed,
        result=simulated(scheme, round_, thresholds, resamples, seed),
    )


def simulated(
    scheme: Scheme, round_: Round, thresholds: dict[str, Any], resamples: int, seed: int
) -> dict[str, Any]:
    """What the scheme would have given: ``providers`` (a row each, with the chance of every grade), ``grades``
    and ``payments`` (before and after, CNY), and how many ``exits``.

    The same arguments give the same answer.
    """
    assessments = list(
        round_.assessments.select_related("provider__organization")
        .prefetch_related("sheets", "rulings")
        .order_by("provider_id")
    )
    kept = [results.stored(assessment) for assessment in assessments]
    trial = _with_thresholds(scheme, thresholds)
    least = results.least_share(round_)
    totals = resampled(indicators_of(trial, kept), resamples, seed)
    grades = _resampled_grades(totals, thresholds, kept)
    due, earlier = _due(assessments), _grades_before(round_)
    rows, before, after = [], Decimal("0"), Decimal("0")
    for n, (assessment, stored) in enumerate(zip(assessments, kept, strict=True)):
        result, vetoed = results.computed(trial, stored, least), bool(stored.vetoes)
        grade, money = result.grade or "", due.get(assessment.provider_id, Decimal("0"))
        paid_before = money * _paid(round_.scheme.consequences, assessment.grade, vetoed)
        paid = money * _paid(trial.consequences, grade, vetoed)
        before += paid_before
        after += paid
        rows.append(
            {
                "provider": assessment.provider_id,
                "name": str(assessment.provider),
                "before": assessment.grade,
                "total_before": _words(assessment.total),
                "grade": grade,
                "total": _words(result.total),
                # A provider with too little data for a grade has none in any resample.
                **_certainty(totals[n], grades[n], np.isfinite(totals[n]) & bool(grade)),
                "exits": _exits(grade, earlier.get(assessment.provider_id, []), trial.consequences, vetoed),
                "due": str(money),
                "payment_before": str(paid_before.quantize(CENT)),
                "payment": str(paid.quantize(CENT)),
            }
        )
    return {
        "providers": rows,
        "grades": {
            name: [sum(row["before"] == name for row in rows), sum(row["grade"] == name for row in rows)]
            for name in reversed(GRADES)
        },
        "exits": sum(bool(row["exits"]) for row in rows),
        "payments": [str(before.quantize(CENT)), str(after.quantize(CENT))],
    }


def _with_thresholds(scheme: Scheme, thresholds: dict[str, Any]) -> Scheme:
    """The scheme, unsaved, with other thresholds of its grades."""
    return Scheme(
        name=scheme.name,
        indicators=scheme.indicators,
        vetoes=scheme.vetoes,
        grades=thresholds,
        survey=scheme.survey,
        consequences=scheme.consequences,
    )


def _resampled_grades(
    totals: np.ndarray, thresholds: dict[str, Any], kept: list[results.Stored]
) -> np.ndarray:
    """The place in ``GRADES`` of each total, by provider and resample; a veto fails in every one."""
    lowest = np.array([float(thresholds[name]) for name in GRADES[1:]])
    levels = (totals[:, :, None] >= lowest).sum(axis=2)
    levels[np.array([bool(stored.vetoes) for stored in kept], dtype=bool)] = 0
    return levels


def _certainty(totals: np.ndarray, levels: np.ndarray, graded: np.ndarray) -> dict[str, Any]:
    """The bounds of 95 in 100 of one provider's resampled totals, and the chance of each grade; 0 for none."""
    if not graded.any():
        return {"low": 0.0, "high": 0.0, "chances": dict.fromkeys(GRADES, 0)}
    low, high = np.percentile(totals[graded], [2.5, 97.5])
    return {
        "low": round(float(low), 2),
        "high": round(float(high), 2),
        "chances": {
            name: round(float((levels[graded] == level).mean()), 3) for level, name in enumerate(GRADES)
        },
    }


def _words(total: Decimal | None) -> str:
    """A total as it is stored; empty where there was too little data."""
    return "" if total is None else str(total)


def _paid(consequences: dict[str, Any], grade: str, vetoed: bool) -> Decimal:
    brings = consequences.get("veto" if vetoed else grade, {})
    return Decimal(str(brings.get("payment_share", 1)))


def _exits(grade: str, earlier: list[str], consequences: dict[str, Any], vetoed: bool) -> str:
    """The cause for which the provider would have to leave; empty for none. ``earlier`` are its grades,
    newest first.
    """
    if vetoed and consequences.get("veto", {}).get("exit"):
        return "veto"
    needed = int(consequences.get("fail", {}).get("fails_to_exit", 0))
    if grade != "fail" or not needed:
        return ""
    running = earlier[: needed - 1]
    return "failed_twice" if len(running) == needed - 1 and set(running) <= {"fail"} else ""


def _grades_before(round_: Round) -> dict[int, list[str]]:
    """The grades of every provider in the rounds before, newest first."""
    found: dict[int, list[str]] = {}
    earlier = Assessment.objects.settled().filter(round_id__lt=round_.pk)
    rows = earlier.order_by("-round_id").values_list("provider_id", "grade")
    for provider, grade in rows:
        found.setdefault(provider, []).append(grade)
    return found


def _due(assessments: list[Any]) -> dict[int, Decimal]:
    """What is still to be paid on the running contracts of each provider (CNY)."""
    rows = (
        Contract.objects.filter(
            provider_id__in=[assessment.provider_id for assessment in assessments],
            status__in=ContractStatus.in_phase(UNDER_WAY),
        )
        .values("provider_id")
        .annotate(due=Sum(F("amount") - F("spent")))
        .values_list("provider_id", "due")
    )
    return dict(rows)


# --- the evidence as arrays ---------------------------------------------------------------------------


def indicators_of(scheme: Scheme, kept: list[results.Stored]) -> list[Indicator]:
    """The indicators of a scheme over the evidence of many providers."""
    return [_indicator(leaf, kept, scheme.survey) for leaf in scheme.leaves]


def _indicator(leaf: dict[str, Any], kept: list[results.Stored], survey: dict[str, Any]) -> Indicator:
    weight, count = float(leaf["weight"]), len(kept)
    nothing = np.zeros(count)
    if leaf["source"] == "scored":
        levels = _levels(leaf["key"], kept)
        return Indicator(weight, nothing, nothing, nothing, nothing, 1.0, 5.0, levels)
    measure = MEASURES[leaf["figure"]]
    value, n, spread, factor = (np.zeros(count) for _ in range(4))
    for row, stored in enumerate(kept):
        figure = figure_of(measure.key, stored.evidence, survey) if stored.evidence else None
        if figure is None:
            continue
        value[row], n[row] = float(figure.raw), figure.n
        factor[row] = float(figure.value / figure.raw) if figure.raw else 1.0
        if measure.key == "satisfaction":
            counts = stored.evidence["counts"]
            mean = counts["marks"] / counts["marks_all"]
            spread[row] = max(0.0, counts["squares"] / counts["marks_all"] - mean**2) ** 0.5
        elif measure.written != SHARE:
            spread[row] = value[row] ** 0.5 if measure.written != HOURS else value[row]
            if measure.key == "unit_cost":
                spread[row] = 0.0
    zero = float(leaf.get("zero", measure.zero))
    full = float(leaf.get("full", measure.full))
    least = int(survey["smallest"]) if leaf["source"] == "survey" else 1
    for row, stored in enumerate(kept):
        if leaf["key"] in stored.appealed:  # what an appeal has set is not resampled
            share = float(stored.appealed[leaf["key"]])
            value[row], factor[row], n[row] = zero + share * (full - zero), 1.0, max(n[row], least)
            spread[row] = FIXED
    # A quotient of two amounts has no sample and is not resampled.
    fixed = np.full(count, FIXED) if measure.key == "unit_cost" else spread
    return Indicator(weight, value, n, fixed, factor, zero, full, None, least)


def _levels(key: str, kept: list[results.Stored]) -> np.ndarray:
    """Levels by provider, case and rater; NaN where there is none."""
    found = [results.levels_of(key, stored) for stored in kept]
    cases = max((len(by_case) for by_case in found), default=0) or 1
    raters = max((len(levels) for by_case in found for levels in by_case), default=0) or 1
    levels = np.full((len(kept), cases, raters), np.nan)
    for row, by_case in enumerate(found):
        for case, given in enumerate(by_case):
            levels[row, case, : len(given)] = given
        if key in kept[row].appealed:  # what an appeal has set is not resampled
            levels[row] = 1 + 4 * float(kept[row].appealed[key])
    return levels


def resampled(indicators: list[Indicator], resamples: int, seed: int) -> np.ndarray:
    """Totals (0 to 100) by provider and resample; NaN where nothing has data."""
    random = np.random.default_rng(seed)
    count = len(indicators[0].value) if indicators else 0
    totals = np.empty((count, resamples))
    for first in range(0, count, AT_ONCE):
        part = slice(first, min(count, first + AT_ONCE))
        reached = np.zeros((part.stop - part.start, resamples))
        weights = np.zeros_like(reached)
        for indicator in indicators:
            share = _resample(indicator, part, resamples, random)
            known = np.isfinite(share)
            reached += np.where(known, share, 0.0) * indicator.weight
            weights += known * indicator.weight
        with np.errstate(invalid="ignore", divide="ignore"):
            totals[part] = np.round(reached / weights * 100, 2)
    return totals


def _resample(indicator: Indicator, part: slice, resamples: int, random: np.random.Generator) -> np.ndarray:
    if indicator.levels is not None:
        return (_resample_levels(indicator.levels[part], resamples, random) - 1) / 4
    value, n, spread = indicator.value[part], indicator.n[part].astype(np.int64), indicator.spread[part]
    cases = np.maximum(n, 1)[:, None]
    shape = (len(value), resamples)
    plain = spread == 0
    drawn = np.broadcast_to(value[:, None], shape).copy()
    if plain.any():
        p = np.clip(value[plain], 0, 1)[:, None]
        drawn[plain] = random.binomial(cases[plain], p, (plain.sum(), resamples)) / cases[plain]
    normal = spread > 0
    if normal.any():
        error = spread[normal][:, None] / np.sqrt(cases[normal])
        drawn[normal] += random.standard_normal((normal.sum(), resamples)) * error
    drawn *= indicator.factor[part][:, None]
    share = np.clip((drawn - indicator.zero) / (indicator.full - indicator.zero), 0, 1)
    share[n < max(1, indicator.least)] = np.nan
    return share


def _resample_levels(levels: np.ndarray, resamples: int, random: np.random.Generator) -> np.ndarray:
    """The mean level by provider and resample: cases drawn with replacement, and raters for each case."""
    providers, cases, raters = levels.shape
    there = np.isfinite(levels).any(axis=2)
    how_many = there.sum(axis=1)
    given = np.isfinite(levels).sum(axis=2)
    # Existing cases and raters come first, so that an index below their number always finds one.
    order = np.argsort(~there, axis=1, kind="stable")
    rows = np.arange(providers)[:, None, None]
    pick = (random.random((providers, resamples, cases)) * how_many[:, None, None]).astype(np.int64)
    chosen = order[rows, pick]
    used = np.arange(cases) < how_many[:, None]
    total = np.zeros((providers, resamples, cases))
    number = given[rows, chosen]
    for draw in range(raters):
        rater = (random.random(chosen.shape) * np.maximum(number, 1)).astype(np.int64)
        level = levels[rows, chosen, rater]
        total += np.where(draw < number, np.nan_to_num(level), 0.0)
    mean = total / np.maximum(number, 1)
    weight = np.broadcast_to(used[:, None, :], mean.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (mean * weight).sum(axis=2) / how_many[:, None]
