"""The actions on appeals: a provider contests its provisional result, and two people who scored nothing of it
review.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django.utils.translation import gettext as _

from evaluations.appeals.models import Appeal
from evaluations.appeals.states import APPEAL, AppealStatus
from evaluations.assessments import reporting
from evaluations.assessments.models import Assessment, RulingKind
from evaluations.rounds import results, running
from evaluations.rounds.states import ROUND
from evaluations.sheets import lots
from foundation import moments
from foundation.deadlines.models import Clock
from foundation.lifecycle.phases import DROPPED
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import Actor

#: How many people review an appeal.
REVIEWERS = 2


@APPEAL.start("file")
def file(
    *, by: Actor, assessment: Assessment, indicator: str, text: str, files: Sequence[Any] = ()
) -> Appeal:
    """Contest one indicator, or an upheld veto, with reasons and files.

    Raises ``NotNow`` outside the time for appeals, ``Invalid`` for something that was not judged or was
    contested before, ``Refused`` where no two people are left to review.
    """
    round_ = assessment.round
    clock = Clock.objects.filter(
        lifecycle=ROUND.label, object_id=round_.pk, state=round_.status, stopped_at=None
    ).first()
    if not round_.contestable or (clock and moments.now() >= clock.due_at):
        raise NotNow(_("现在不在申诉期。"), rule="S26")
    if round_.scheme.leaf(indicator) is None and indicator not in assessment.vetoes:
        message = _("请选择要申诉的指标。")
        raise Invalid(message, fields={"indicator": message})
    before = assessment.appeals.filter(key=indicator, status__in=AppealStatus.in_phase(~DROPPED))
    if before.exists():
        message = _("这一项已经申诉过。")
        raise Invalid(message, fields={"indicator": message})
    new = Appeal.objects.create(
        assessment=assessment, key=indicator, text=text, reviewers=_reviewers(assessment, indicator)
    )
    reporting.add_files(assessment, files, appeal=new)
    return new


def _reviewers(assessment: Assessment, key: str) -> list[int]:
    """Draw two evaluators without ties who scored nothing of this provider and do not lead the round."""
    scored = set(assessment.sheets.values_list("evaluator_id", flat=True))
    free = lots.pool() - lots.barred(assessment, rotating=False).keys() - scored
    found = lots.lots(assessment, free, what=f"appeal:{key}")[:REVIEWERS]
    if len(found) < REVIEWERS:
        raise Refused(_("没有足够的、未参加评分的评估人员复核，请民政增补。"), rule="S26")
    return found


@APPEAL.transition("propose")
def propose(appeal: Appeal, *, by: Actor, reason: str, percent: Decimal | None = None) -> None:
    """Write the first reviewer's opinion: ``percent`` (0 to 100) of the indicator's weight that is right (for
    a veto 0 lifts it); None dismisses the appeal.

    Raises ``Invalid`` for a percentage outside 0 to 100.
    """
    if percent is not None and not 0 <= percent <= 100:
        message = _("得分比例在 0 到 100 之间。")
        raise Invalid(message, fields={"percent": message})
    appeal.proposed = None if percent is None else percent / 100
    appeal.answer = reason


# The second reviewer agrees to dismiss the appeal.
confirm = APPEAL.act("confirm", Appeal)


grant = APPEAL.act("grant", Appeal)


@grant.then
def _put_right(appeal: Appeal, *, by: Actor) -> None:
    """Both agree that the appeal is founded: points, total, grade and ranks are computed again at once."""
    value = cast(Decimal, appeal.proposed)
    veto = appeal.assessment.round.scheme.leaf(appeal.key) is None
    kind = RulingKind.VETO if veto else RulingKind.APPEAL
    running.rule(appeal.assessment, kind, appeal.key, value, appeal.answer, by)
    results.keep(appeal.assessment.round)


@APPEAL.transition("differ")
def differ(appeal: Appeal, *, by: Actor, reason: str) -> None:
    """The second reviewer disagrees with the proposal; it is dropped and both review again."""
    appeal.proposed, appeal.answer = None, ""


withdraw = APPEAL.act("withdraw", Appeal)
