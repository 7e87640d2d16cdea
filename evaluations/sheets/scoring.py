"""The actions of scoring: each evaluator gives levels with notes, saved as they go, without seeing the
others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from evaluations.assessments.models import SampledCase
from evaluations.sheets.models import ScoreSheet
from evaluations.sheets.states import SHEET, SheetStatus
from foundation.lifecycle.phases import SERVING
from foundation.lifecycle.table import Step
from foundation.refusals import Invalid
from foundation.roles import Actor, Role

#: {mark: {"level": 1 to 5 or None, "note": words}}.
Scores = Mapping[str, Mapping[str, Any]]


LEVELS = (1, 2, 3, 4, 5)


#: Levels that require a note.
ENDS = (1, 5)


#: A mark with a note and no level yet.
OPEN = 0


def marks_of(sheet: ScoreSheet) -> list[tuple[str, dict[str, Any], SampledCase | None]]:
    """The marks of a sheet as (mark, indicator, case); a mark is ``key``, or ``key@case`` for one of the
    cases.
    """
    leaves = [leaf for leaf in sheet.assessment.round.scheme.leaves if leaf["source"] == "scored"]
    drawn = list(sheet.assessment.cases.all())
    asked: list[tuple[str, dict[str, Any], SampledCase | None]] = []
    for case in drawn:
        asked += [(f"{leaf['key']}@{case.pk}", leaf, case) for leaf in leaves if leaf.get("by") == "case"]
    asked += [(leaf["key"], leaf, None) for leaf in leaves if leaf.get("by") != "case" or not drawn]
    return asked


@SHEET.transition("score")
def score(
    sheet: ScoreSheet, *, by: Actor, scores: Scores, suspicions: Mapping[str, str] | None = None
) -> None:
    """Save what has been scored so far. Raises ``Invalid`` for a level outside 1 to 5 or an unknown mark."""
    _keep(sheet, scores, suspicions)


@SHEET.transition("submit")
def submit(
    sheet: ScoreSheet, *, by: Actor, scores: Scores | None = None, suspicions: Mapping[str, str] | None = None
) -> None:
    """Submit the sheet. Raises ``Invalid`` naming every mark without a level. A mark that cannot be judged is
    None and requires a note, as do the highest level and the lowest.
    """
    if scores is not None:
        _keep(sheet, scores, suspicions)
    if fields := left_open(sheet):
        raise Invalid(_("还有指标没有评分。"), fields=fields, rule="S26")


def left_open(sheet: ScoreSheet) -> dict[str, str]:
    """What is still to be said before a sheet is submitted, by the name of the field."""
    fields: dict[str, str] = {}
    for mark, _leaf, _case in marks_of(sheet):
        given = sheet.scores.get(mark)
        if given is None or given["level"] == OPEN:
            fields[field_of("level", mark)] = _("请选择等级。")
        elif given["level"] is None and not given.get("note", "").strip():
            fields[field_of("note", mark)] = _("无法判断的，请写明原因。")
        elif given["level"] in ENDS and not given.get("note", "").strip():
            fields[field_of("note", mark)] = _("最高和最低等级要写明依据。")
    return fields


def next_steps(sheets: Sequence[ScoreSheet]) -> dict[tuple[int, Role], Step | None]:
    """Submitting, for those who have scored everything."""
    seated = [sheet.pk for sheet in sheets if sheet.status in SheetStatus.in_phase(SERVING)]
    rows = ScoreSheet.objects.filter(pk__in=seated).select_related("assessment__round__scheme")
    row = SHEET.get_transition("submit")
    return {
        (sheet.pk, Role.EVALUATOR): Step.of(row, sheet)
        for sheet in rows.prefetch_related("assessment__cases")
        if not left_open(sheet)
    }


SHEET.steps = next_steps


def field_of(kind: str, mark: str) -> str:
    """The name of a mark's field in the form."""
    return f"{kind}_{mark.replace('@', '_at_')}"


def _keep(sheet: ScoreSheet, scores: Scores, suspicions: Mapping[str, str] | None) -> None:
    asked = {mark for mark, _leaf, _case in marks_of(sheet)}
    fields = {
        field_of("level", str(mark)): _("没有这一项。") if mark not in asked else _("等级是 1 到 5。")
        for mark, given in scores.items()
        if mark not in asked or given.get("level") not in (*LEVELS, OPEN, None)
    }
    if fields:
        raise Invalid(_("评分有误，没有保存。"), fields=fields, rule="S26")
    sheet.scores = {
        mark: {"level": given.get("level"), "note": str(given.get("note", ""))[:1000]}
        for mark, given in scores.items()
    }
    known = {veto["key"] for veto in sheet.assessment.round.scheme.vetoes}
    sheet.suspicions = {
        key: words for key, words in (suspicions or {}).items() if key in known and words.strip()
    }
