"""The agreement of evaluators: Krippendorff's alpha, and outliers.

Source: K. Krippendorff, *Content Analysis*, ch. 12 (ordinal metric; missing values allowed), by the
library ``krippendorff``. Of alpha it says: 0.8 and up is reliable, from 0.667 tentative, below not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import krippendorff
import numpy as np

from evaluations.rounds.models import Round
from evaluations.sheets.models import ScoreSheet
from organizations.people.models import User

RELIABLE, TENTATIVE = 0.8, 0.667


#: An evaluator whose levels differ from the others' by more than this on average is an outlier.
APART = 0.75


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
    given = levels_of(sheets_of(round_))
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


def sheets_of(round_: Round) -> list[ScoreSheet]:
    """The submitted sheets of a round."""
    sheets = ScoreSheet.objects.submitted().filter(assessment__round=round_)
    return list(sheets.order_by("assessment_id", "evaluator_id"))


def levels_of(sheets: Iterable[ScoreSheet]) -> Levels:
    """The levels of sheets, by assessment, mark and evaluator."""
    found: Levels = {}
    for sheet in sheets:
        for mark, given in sorted(sheet.scores.items()):
            if given["level"] is not None:
                found.setdefault((sheet.assessment_id, mark), {})[sheet.evaluator_id] = given["level"]
    return found
