"""Points, total, grade and rank of every provider in a round, computed only from the stored evidence.

``recomputing`` repeats this years later, so nothing here reads the clock, today's rules, or a table outside
the round.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from evaluations.assessments.models import Assessment, RulingKind
from evaluations.indicators import formulas
from evaluations.indicators.formulas import Points
from evaluations.indicators.measures import MEASURES, figure_of
from evaluations.rounds import peers
from evaluations.rounds.models import Round
from evaluations.schemes.models import Scheme
from evaluations.sheets.states import SheetStatus
from foundation.lifecycle.phases import ANSWERING
from foundation.rules import reading

#: Rule: the least share (percent) of weights with data that a grade needs.
DATA = "evaluation.data"


#: Groups of indicators whose points break a tie between equal totals: results of the service.
RESULTS = ("goals", "satisfaction")


#: How many assessments are written in one statement.
AT_ONCE = 200


@dataclass(frozen=True)
class Result:
    """The result of one assessment. ``parts`` is what is stored and shown; ``results`` breaks ties."""

    parts: list[dict[str, Any]]
    total: Decimal | None
    grade: str
    vetoed: bool
    results: Decimal


@dataclass(frozen=True)
class Stored:
    """The stored evidence of one assessment: counts, levels by mark, rulings by kind."""

    evidence: dict[str, Any]
    levels: dict[str, list[int]]
    moderated: dict[str, int]
    appealed: dict[str, Fraction]
    vetoes: tuple[str, ...]


def stored(assessment: Assessment) -> Stored:
    """Read the stored evidence of an assessment."""
    levels: dict[str, list[int]] = defaultdict(list)
    for sheet in assessment.sheets.all():
        if sheet.status in SheetStatus.in_phase(ANSWERING):
            for mark, given in sheet.scores.items():
                if given["level"] is not None:
                    levels[mark].append(given["level"])
    moderated: dict[str, int] = {}
    appealed: dict[str, Fraction] = {}
    vetoes: dict[str, bool] = {}
    for ruling in sorted(assessment.rulings.all(), key=lambda row: row.pk):
        if ruling.kind == RulingKind.MODERATION:
            moderated[ruling.key] = int(ruling.value)
        elif ruling.kind == RulingKind.APPEAL:
            appealed[ruling.key] = Fraction(ruling.value)
        else:
            vetoes[ruling.key] = ruling.value == 1
    upheld = tuple(sorted(key for key, there in vetoes.items() if there))
    return Stored(assessment.evidence, dict(levels), moderated, appealed, upheld)


def least_share(round_: Round) -> Fraction:
    """The least share (0 to 1) of weights with data that a round needs, by the version of the rule that it
    recorded.

    Rounds judged by version 1 of the formulas need none.
    """
    version = round_.rules.get(DATA)
    if round_.formulas < 2 or version is None:
        return Fraction(0)
    return Fraction(int(reading.as_it_was(DATA, int(version)).value["least_percent"]), 100)


def computed(scheme: Scheme, kept: Stored, least: Fraction) -> Result:
    """The result of one provider by a scheme; without a grade where less than ``least`` of the weights has
    data, except that a veto always fails.
    """
    parts, points = [], []
    for leaf in scheme.leaves:
        part, point = _part(leaf, kept, scheme.survey)
        parts.append(part)
        points.append(point)
    total = formulas.total_of(points, least)
    vetoed = bool(kept.vetoes)
    grade = "fail" if vetoed else ""
    if total is not None:
        grade = formulas.grade_of(total, scheme.grades, vetoed)
    results = sum(
        (
            p.weight * p.share
            for p, leaf in zip(points, scheme.leaves, strict=True)
            if p.share is not None and leaf.get("figure") in RESULTS
        ),
        Fraction(0),
    )
    return Result(parts, total, grade, vetoed, formulas.rounded(results, formulas.FOUR))


def _part(leaf: dict[str, Any], kept: Stored, survey: dict[str, Any]) -> tuple[dict[str, Any], Points]:
    share: Fraction | None = None
    shown: dict[str, Any] = {}
    if leaf["source"] == "scored":
        cases = levels_of(leaf["key"], kept)
        share = formulas.share_of_levels(cases)
        shown["n"] = sum(map(len, cases))
    else:
        share, shown = _measured(leaf, kept, survey)
    if leaf["key"] in kept.appealed:
        share = kept.appealed[leaf["key"]]
        shown["appealed"] = True
    weight = formulas.exactly(leaf["weight"])
    part = {
        "key": leaf["key"],
        "title": leaf["title"],
        "group": leaf["group"],
        "weight": str(leaf["weight"]),
        "share": None if share is None else str(formulas.rounded(share)),
        **shown,
    }
    return part, Points(leaf["key"], leaf["title"], weight, share)


def levels_of(key: str, kept: Stored) -> list[list[int]]:
    """The levels of an indicator by case; a moderated level replaces all levels of its case."""
    found = []
    for mark in sorted({*kept.levels, *kept.moderated}):
        if mark == key or mark.startswith(f"{key}@"):
            ruled = kept.moderated.get(mark)
            found.append([ruled] if ruled is not None else kept.levels.get(mark, []))
    return found


def _measured(
    leaf: dict[str, Any], kept: Stored, survey: dict[str, Any]
) -> tuple[Fraction | None, dict[str, Any]]:
    figure = figure_of(leaf["figure"], kept.evidence, survey) if kept.evidence else None
    if figure is None:
        return None, {"n": 0}
    measure = MEASURES[leaf["figure"]]
    shown: dict[str, Any] = {
        "figure": leaf["figure"],
        "n": figure.n,
        "value": str(formulas.rounded(figure.value)),
        "raw": str(formulas.rounded(figure.raw)),
        "low": str(formulas.rounded(figure.low)),
        "high": str(formulas.rounded(figure.high)),
    }
    if figure.expected is not None:
        shown["expected"] = str(formulas.rounded(figure.expected))
    if figure.shrunk:
        shown["shrunk"] = True
    if leaf["source"] == "survey":
        shown["asked"] = kept.evidence["counts"].get("completed_yes", 0)
        if figure.n < int(survey["smallest"]):
            return None, {**shown, "few": True}
    zero, full = leaf.get("zero", measure.zero), leaf.get("full", measure.full)
    return formulas.scaled(figure.value, zero, full), shown


def of_round(round_: Round) -> dict[int, tuple[Result, int | None]]:
    """The result and rank of every assessment of a round, by the assessment's key."""
    assessments = round_.assessments.prefetch_related("sheets", "rulings")
    least = least_share(round_)
    found = {assessment.pk: computed(round_.scheme, stored(assessment), least) for assessment in assessments}
    ranks = formulas.ranked(
        [
            formulas.Standing(pk, result.vetoed, result.total, result.results)
            for pk, result in found.items()
            if result.total is not None
        ]
    )
    return {pk: (result, ranks.get(pk)) for pk, result in found.items()}


def keep(round_: Round) -> None:
    """Write the results of a round into its assessments, and what they come to for the scorecards.

    One after the other where two appeals are granted at once: the later one counts the ruling of the earlier.
    """
    Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
    found = of_round(round_)
    assessments = list(round_.assessments.only("pk"))
    for assessment in assessments:
        result, assessment.rank = found[assessment.pk]
        assessment.parts, assessment.total, assessment.grade = result.parts, result.total, result.grade
    Assessment.objects.bulk_update(assessments, ["parts", "total", "grade", "rank"], batch_size=AT_ONCE)
    peers.add_up(round_)


def digest_of(round_: Round) -> str:
    """The SHA-256 of everything that the results of a round were computed from."""
    scheme = round_.scheme
    said = {name: getattr(scheme, name) for name in ("indicators", "vetoes", "grades", "survey")}
    found = round_.assessments.prefetch_related("sheets", "rulings", "cases").order_by("pk")
    evidence = [
        {
            "provider": assessment.provider_id,
            "evidence": assessment.evidence,
            "cases": sorted(case.referral_id for case in assessment.cases.all()),
            "sheets": [
                [sheet.evaluator_id, sheet.status, sheet.scores]
                for sheet in sorted(assessment.sheets.all(), key=lambda sheet: sheet.pk)
            ],
            "rulings": [
                [ruling.kind, ruling.key, str(ruling.value), ruling.why]
                for ruling in sorted(assessment.rulings.all(), key=lambda ruling: ruling.pk)
            ],
        }
        for assessment in found
    ]
    whole = {"scheme": said, "seed": round_.seed, "formulas": round_.formulas, "of": evidence}
    if round_.formulas >= 2:
        whole["rules"] = round_.rules
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
