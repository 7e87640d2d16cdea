"""The agreement of evaluators: Krippendorff's alpha, the marks on which they differ, and outliers.

Source: K. Krippendorff, *Content Analysis*, ch. 12 (ordinal metric; missing values allowed), by the
library ``krippendorff``. Of alpha it says: 0.8 and up is reliable, from 0.667 tentative, below not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import krippendorff
import numpy as np

from evaluations.assessments.models import Assessment
from evaluations.rounds.models import Round
from evaluations.sheets.models import ScoreSheet
from foundation.forms.typed import whole_number
from organizations.people.models import User

RELIABLE, TENTATIVE = 0.8, 0.667


#: An evaluator whose levels differ from the others' by more than this on average is an outlier.
APART = 0.75


@dataclass(frozen=True)
class Difference:
    """One mark on which evaluators differ, and the level that each gave, by user id."""

    assessment: Assessment
    mark: str
    levels: dict[int, int]

    @property
    def width(self) -> int:
        """The levels between the lowest and the highest."""
        return max(self.levels.values()) - min(self.levels.values())

    @property
    def key(self) -> str:
        """The mark as a form value: assessment and mark."""
        return f"{self.assessment.pk}:{self.mark}"


def alpha(matrix: Sequence[Sequence[float]]) -> float | None:
    """Krippendorff's alpha of levels by rater and mark (NaN: missing); None where it is not defined.

    It is not defined where fewer than two marks were given by two people, or all levels are equal.
    """
    levels = np.array(matrix, dtype=float)
    if levels.ndim != 2 or levels.shape[0] < 2:
        return None
    paired = levels[:, (~np.isnan(levels)).sum(axis=0) >= 2]
    if paired.shape[1] < 2 or len(np.unique(paired[~np.isnan(paired)])) < 2:
        return None
    return round(float(krippendorff.alpha(paired, level_of_measurement="ordinal")), 4)


def of_round(round_: Round) -> dict[str, Any]:
    """``{"alpha", "marks", "raters": [{"id", "name", "n", "bias", "apart"}]}`` of the submitted sheets."""
    given = _levels(sheets_of(round_))
    raters = sorted({person for levels in given.values() for person in levels})
    matrix = [[float(levels.get(person, np.nan)) for levels in given.values()] for person in raters]
    names = dict(User.objects.filter(pk__in=raters).values_list("pk", "full_name"))
    biases: dict[int, list[float]] = defaultdict(list)
    for levels in given.values():
        for person, level in levels.items():
            others = [other for who, other in levels.items() if who != person]
            if others:
                biases[person].append(level - sum(others) / len(others))
    found = []
    for person in raters:
        own = biases[person]
        bias = round(sum(own) / len(own), 3) if own else 0.0
        found.append(
            {"id": person, "name": names[person], "n": len(own), "bias": bias, "apart": abs(bias) > APART}
        )
    return {"alpha": alpha(matrix), "marks": len(given), "raters": found}


#: The level that each evaluator gave, by assessment and mark.
Levels = dict[tuple[int, str], dict[int, int]]


def apart(sheets: Iterable[ScoreSheet], more_than: int) -> Levels:
    """The marks on which two evaluators are more than ``more_than`` levels apart."""
    found = _levels(sheets).items()
    return {key: given for key, given in found if max(given.values()) - min(given.values()) > more_than}


def differences(levels: Levels, assessments: Mapping[int, Assessment]) -> list[Difference]:
    """The marks on which evaluators are apart, widest first; ``assessments`` are those of the marks, by primary key."""
    found = [Difference(assessments[pk], mark, given) for (pk, mark), given in levels.items()]
    return sorted(found, key=lambda difference: (-difference.width, difference.key))


def all_differences(round_: Round, assessment_id: int | None = None) -> list[Difference]:
    """All marks of a round on which evaluators differ, widest first; of one assessment where it is given."""
    levels = apart(sheets_of(round_, assessment_id), 0)
    return differences(levels, assessments_of(pk for pk, _mark in levels))


def assessments_of(pks: Iterable[int]) -> dict[int, Assessment]:
    """Assessments by primary key, with what the words of a difference need."""
    found = Assessment.objects.select_related("provider__organization").prefetch_related("cases")
    return found.defer("evidence", "report", "figures", "parts").in_bulk(set(pks))


def of_assessment(key: str) -> int | None:
    """The assessment that the key of a difference names; None for another text."""
    return whole_number(key.partition(":")[0])


def sheets_of(round_: Round, assessment_id: int | None = None) -> list[ScoreSheet]:
    """The submitted sheets of a round; of one assessment where it is given."""
    sheets = ScoreSheet.objects.submitted().filter(assessment__round=round_)
    if assessment_id is not None:
        sheets = sheets.filter(assessment=assessment_id)
    return list(sheets.order_by("assessment_id", "evaluator_id"))


def sheets_of_several(rounds: Sequence[Round]) -> dict[Round, list[ScoreSheet]]:
    """The submitted sheets of several rounds by round, with as many statements as for one."""
    found: dict[Round, list[ScoreSheet]] = {round_: [] for round_ in rounds}
    by_key = {round_.pk: round_ for round_ in rounds}
    round_of = dict(Assessment.objects.filter(round__in=by_key).values_list("pk", "round"))
    sheets = ScoreSheet.objects.submitted().filter(assessment__in=round_of)
    for sheet in sheets.order_by("assessment_id", "evaluator_id"):
        found[by_key[round_of[sheet.assessment_id]]].append(sheet)
    return found


def _levels(sheets: Iterable[ScoreSheet]) -> Levels:
    """The levels of sheets, by assessment, mark and evaluator."""
    found: Levels = {}
    for sheet in sheets:
        for mark, given in sorted(sheet.scores.items()):
            if given["level"] is not None:
                found.setdefault((sheet.assessment_id, mark), {})[sheet.evaluator_id] = given["level"]
    return found
