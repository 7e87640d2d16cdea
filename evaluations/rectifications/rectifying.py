"""The actions on rectifications: a failed provider remedies what was found, and an evaluator without ties
checks.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.contracts import running
from evaluations.assessments.models import Assessment
from evaluations.consequences.models import Consequence, Effect
from evaluations.exits import exiting
from evaluations.exits.causes import Cause
from evaluations.rectifications.models import Rectification
from evaluations.rectifications.states import RECTIFICATION, RectificationStatus
from evaluations.sheets import lots
from foundation.inbox import notices
from foundation.refusals import NotNow, Refused
from foundation.roles import Actor, Role
from foundation.wording import filled, on_record
from organizations.providers import standing
from organizations.providers.events import missing_for_resuming
from organizations.providers.models import Provider


@missing_for_resuming.register
def open_rechecks(providers: Sequence[Provider]) -> dict[int, Refused]:
    """The re-checks of providers, which do not resume before these are passed."""
    mending = Rectification.objects.filter(
        provider__in=providers, status__in=RectificationStatus.unfinished()
    )
    waiting = set(mending.values_list("provider_id", flat=True))
    words = gettext_lazy("“%(name)s”正在整改，复查合格之前不能恢复承接。")
    return {
        provider.pk: NotNow(filled(words, name=str(provider)), rule="S26")
        for provider in providers
        if provider.pk in waiting
    }


@RECTIFICATION.start("order")
def order(*, by: Actor, assessment: Assessment, days: int) -> Rectification:
    """Order a provider to remedy the indicators that cost it the most points, within so many calendar days."""
    what = "；".join(
        _("%(title)s（得分率 %(share).0f%%）") % {"title": part["title"], "share": float(part["share"]) * 100}
        for part in assessment.costliest(5)
    )
    return Rectification.objects.create(
        assessment=assessment, provider=assessment.provider, days=days, what=what
    )


@RECTIFICATION.transition("report")
def report(rectification: Rectification, *, by: Actor, report: str) -> None:
    """Report what was remedied; an evaluator is drawn to check again, if there is one who may."""
    rectification.report = report
    rectification.rechecker_id = _drawn(rectification)


@RECTIFICATION.transition("run_out")
def run_out(rectification: Rectification, *, by: Actor) -> None:
    """The deadline has passed without a report; the re-check takes place all the same."""
    rectification.rechecker_id = _drawn(rectification)


@RECTIFICATION.transition("name_rechecker")
def name_rechecker(rectification: Rectification, *, by: Actor, reason: str) -> None:
    """Draw another evaluator for the re-check; raises ``Refused`` where there is none."""
    _draw(rectification)


@RECTIFICATION.transition("draw_rechecker")
def draw_rechecker(rectification: Rectification, *, by: Actor) -> None:
    """Draw the evaluator who checks, where there was none when it was due; raises ``Refused`` where there still is
    none.
    """
    _draw(rectification)


def _draw(rectification: Rectification) -> None:
    """Draw another evaluator than the one so far; raises ``Refused`` where there is none."""
    another = _drawn(rectification)
    if another is None:
        raise Refused(NOBODY, rule="S26")
    rectification.rechecker_id = another


@draw_rechecker.foreseen
@name_rechecker.foreseen
def nobody_to_check(rectifications: Sequence[Rectification]) -> dict[int, Refused]:
    """Why no other evaluator is drawn: there is none who may check."""
    free = _free(rectifications)
    return {
        rectification.pk: Refused(NOBODY, rule="S26")
        for rectification in rectifications
        if not free[rectification.pk]
    }


#: Why nobody is drawn.
NOBODY = gettext_lazy("没有可以复查的评估人员，请民政增补。")


@report.then
@run_out.then
@draw_rechecker.then
@name_rechecker.then
def _notify_rechecker(rectification: Rectification, *, by: Actor, **given: object) -> None:
    """Ask the evaluator who was drawn; where there is none, tell civil affairs, who has one drawn later."""
    if rectification.rechecker_id is None:
        words = filled(gettext_lazy("%(what)s：%(why)s"), what=rectification, why=NOBODY)
        notices.send(rectification, Role.CIVIL_AFFAIRS, words)
        return
    notices.send(rectification, Role.EVALUATOR, filled(gettext_lazy("%(what)s：请复查"), what=rectification))


def _drawn(rectification: Rectification) -> int | None:
    """The evaluator who checks, by lot, and is not the one so far; None where there is none who may."""
    free = _free([rectification])[rectification.pk]
    found = lots.lots(rectification.assessment, free, what="recheck")
    return found[0] if found else None


def _free(rectifications: Sequence[Rectification]) -> dict[int, set[int]]:
    """The evaluators who may check, besides the one so far, by the primary key of the rectification."""
    rows = Assessment.objects.filter(pk__in={one.assessment_id for one in rectifications})
    kept = lots.barred_from(list(rows.select_related("provider", "round")), rotating=False)
    everybody = lots.pool()
    return {one.pk: everybody - kept[one.assessment_id].keys() - {one.rechecker_id} for one in rectifications}


@RECTIFICATION.transition("pass_recheck")
def pass_recheck(rectification: Rectification, *, by: Actor, reason: str) -> None:
    """Everything is remedied: the provider takes referrals again and is paid in full, unless another
    rectification waits for its re-check.
    """
    rectification.outcome = reason


@pass_recheck.then
def _resume_provider(rectification: Rectification, *, by: Actor, **given: object) -> None:
    provider = Provider.objects.get(pk=rectification.provider_id)
    if open_rechecks([provider]):
        return
    # A provider whose exit is under way stays suspended.
    if provider.suspended and exiting.under_way(provider) is None:
        standing.resume(provider, by=by.as_system(), reason=on_record(gettext_lazy("整改复查合格")))
    running.payment_share_published(provider.pk, Decimal("1"))
    Consequence.objects.create(
        assessment=rectification.assessment,
        provider=provider,
        effect=Effect.RESUMPTION,
        rule=rectification.assessment.round.scheme.name,
        words=on_record(gettext_lazy("复查合格，恢复承接，支付比例恢复为 100%。")),
    )


@RECTIFICATION.transition("fail_recheck")
def fail_recheck(rectification: Rectification, *, by: Actor, reason: str) -> None:
    """It is not remedied: the provider's exit is proposed (domain, section 6)."""
    rectification.outcome = reason


@fail_recheck.then
def _propose_its_exit(rectification: Rectification, *, by: Actor, reason: str) -> None:
    provider = rectification.provider
    if exiting.under_way(provider) is None:
        exiting.propose(
            by=by.as_system(),
            provider=provider,
            cause=Cause.FAILED_RECHECK,
            reasons=on_record(filled(gettext_lazy("整改复查不合格：%(why)s"), why=reason)),
            assessment=rectification.assessment,
        )
        Consequence.objects.create(
            assessment=rectification.assessment,
            provider=provider,
            effect=Effect.EXIT,
            rule=rectification.assessment.round.scheme.name,
            words=on_record(gettext_lazy("复查不合格，提出退出。")),
        )
