"""A round: planned, scored, tallied, published by another — with its consequences."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from evaluations import consequences, formulas, indicators, scoring
from evaluations.lifecycle import ROUND, SchemeStatus, SheetStatus
from evaluations.models import Assessment, Round, Scheme, ScoreSheet
from foundation.refusals import Invalid, Refused
from foundation.roles import Actor
from foundation.rules import reading
from organizations.models import Provider

#: Evaluators for one provider.
EVALUATORS = 2


@ROUND.start("plan")
def plan(
    *,
    by: Actor,
    title: str,
    scheme: Scheme,
    period_from: date,
    period_to: date,
    providers: list[Provider],
) -> Round:
    """Plan a round over a period for some providers."""
    if scheme.status != SchemeStatus.IN_USE:
        message = _("方案还没有启用。")
        raise Invalid(message, fields={"scheme": message}, rule="S26")
    if period_to < period_from:
        message = _("结束日期不能早于开始日期。")
        raise Invalid(message, fields={"period_to": message})
    new = Round.objects.create(
        title=title, scheme=scheme, period_from=period_from, period_to=period_to
    )
    Assessment.objects.bulk_create(Assessment(round=new, provider=each) for each in providers)
    return new


@ROUND.move("begin_scoring")
def begin_scoring(round_: Round, *, by: Actor) -> None:
    """Freeze the automatic figures and draw two evaluators without ties for each.

    Raises ``Refused`` where a provider has fewer than two free evaluators.
    """
    assessments = list(round_.assessments.select_related("provider__organization"))
    found = indicators.figures(
        round_.period_from, round_.period_to, [each.provider_id for each in assessments]
    )
    for number, assessment in enumerate(assessments):
        assessment.figures = found.get(assessment.provider_id, {})
        assessment.save(update_fields=["figures"])
        free = scoring.free_evaluators(assessment.provider)
        if len(free) < EVALUATORS:
            raise Refused(
                _("“%(name)s”没有两名可以回避利害关系的评估人员。") % {"name": assessment.provider},
                rule="S26",
            )
        for step in range(EVALUATORS):
            scoring.draw(by=by, assessment=assessment, evaluator=free[(number + step) % len(free)])


@ROUND.move("tally")
def tally(round_: Round, *, by: Actor) -> None:
    """Sum up; refused while a sheet is missing."""
    missing = ScoreSheet.objects.filter(assessment__round=round_).exclude(
        status=SheetStatus.SUBMITTED
    )
    if missing.exists():
        raise Refused(
            _("还有 %(count)s 份评分表没有提交。") % {"count": missing.count()}, rule="S26"
        )
    grades = reading.current("evaluation.grades")
    survey = reading.current("evaluation.smallest_survey")
    for assessment in round_.assessments.prefetch_related("sheets"):
        points = points_for(assessment, round_.scheme, int(survey.value["answers"]))
        total = formulas.total_of(points)
        if total is None:
            raise Refused(_("“%(name)s”没有任何可计分的数据。") % {"name": assessment.provider})
        assessment.parts = [
            {
                "key": p.key,
                "title": p.title,
                "weight": float(p.weight),
                "share": None if p.share is None else round(float(p.share), 4),
            }
            for p in points
        ]
        assessment.total = total
        assessment.grade = formulas.grade_of(total, grades.value)
        assessment.save()
    round_.rules = {grades.key: grades.version, survey.key: survey.version}


@ROUND.move("publish")
def publish(round_: Round, *, by: Actor) -> None:
    """Publish, by a second person; the consequences follow in the same transaction."""
    for assessment in round_.assessments.select_related("provider__organization"):
        consequences.apply(assessment, by=by)


def points_for(assessment: Assessment, scheme: Scheme, smallest: int) -> list[formulas.Points]:
    """The points of every indicator from the frozen figures and submitted levels."""
    sheets = list(assessment.sheets.all())
    return [
        formulas.points_of(
            each,
            assessment.figures,
            [s.scores[each["key"]]["level"] for s in sheets if each["key"] in s.scores],
            smallest,
        )
        for each in scheme.indicators
    ]
