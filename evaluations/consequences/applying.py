"""Carry out what a grade brings: matching bonus, share paid, advice, renewal, suspension, rectification,
exit.

Each consequence follows the scheme that the round was judged by, and is recorded with that rule. Matching,
bidding and offers read the provider's standing and so apply it at once.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from contracts.contracts import running
from evaluations.assessments.models import Assessment
from evaluations.consequences.models import Consequence, Effect
from evaluations.exits import exiting
from evaluations.exits.causes import Cause
from evaluations.rectifications import rectifying
from evaluations.rounds.results import stored
from foundation import moments
from foundation.roles import Actor
from foundation.wording import listed
from organizations.providers import standing
from organizations.providers.models import Grade


def apply(assessment: Assessment, *, by: Actor) -> None:
    """Carry out what the grade brings (domain, section 6); a provider that has left meanwhile only keeps its
    score.

    Without a grade nothing changes. Consequences are recorded in Chinese whatever language the officer reads.
    """
    if not assessment.grade:
        return
    with translation.override("zh-hans"):
        _carry_out(assessment, by)


def _carry_out(assessment: Assessment, by: Actor) -> None:
    vetoes = stored(assessment).vetoes
    name = "veto" if vetoes else assessment.grade
    brings = assessment.round.scheme.consequences.get(name, {})
    _score_and_share(assessment, brings)
    if assessment.provider.has_left:
        return
    if brings.get("renewal"):
        _note(assessment, Effect.RENEWAL, _("合同到期时，依法可以不重新竞争的优先续签。"))
    if brings.get("advice"):
        _note(assessment, Effect.ADVICE, _advice(assessment))
    if brings.get("suspend"):
        _suspend(assessment, by)
    cause = _cause(assessment, brings, vetoes)
    if cause:
        _propose_exit(assessment, cause, vetoes, by)
    elif brings.get("rectify_days"):
        days = int(brings["rectify_days"])
        rectifying.order(by=by.as_system(), assessment=assessment, days=days)
        _note(assessment, Effect.WARNING, _("书面警告，公布结果时一并公开。"))
        _note(
            assessment,
            Effect.RECTIFICATION,
            _("%(days)s 天内整改，由评估人员复查；复查不合格的进入退出程序。") % {"days": days},
        )


def _score_and_share(assessment: Assessment, brings: dict[str, Any]) -> None:
    bonus = Decimal(str(brings.get("bonus", 0)))
    share = Decimal(str(brings.get("payment_share", 1)))
    standing.score_published(assessment.provider, score=assessment.total, grade=assessment.grade, bonus=bonus)
    before = assessment.provider.match_bonus
    if bonus or before:
        _note(assessment, Effect.BONUS, _("匹配加分 %(bonus).0f%%。") % {"bonus": bonus * 100})
    told = running.payment_share_published(assessment.provider_id, share)
    if told:
        words = _("%(n)s 份履行中的合同，支付比例为 %(share).0f%%。")
        _note(assessment, Effect.PAYMENT_SHARE, words % {"n": told, "share": share * 100})


def _suspend(assessment: Assessment, by: Actor) -> None:
    if not assessment.provider.accredited:
        return
    words = _("%(round)s得分 %(total)s，评为“%(grade)s”") % {
        "round": assessment.round.title,
        "total": assessment.total_words,
        "grade": Grade(assessment.grade).label,
    }
    standing.suspend(assessment.provider, by=by.as_system(), reason=words)
    _note(assessment, Effect.SUSPENSION, _("暂停承接新的转介、投标和申报，正在进行的服务不受影响。"))


def _cause(assessment: Assessment, brings: dict[str, Any], vetoes: tuple[str, ...]) -> str:
    """The cause for which the provider has to leave; empty for none."""
    if vetoes and brings.get("exit"):
        return Cause.VETO
    running_out = int(brings.get("fails_to_exit", 0))
    if running_out and fails_running(assessment) >= running_out:
        return Cause.FAILED_TWICE
    on_probation = assessment.provider.probation_until
    if running_out and on_probation and on_probation >= moments.today():
        return Cause.FAILED_TWICE
    return ""


def fails_running(assessment: Assessment) -> int:
    """How many published rounds in a row the provider has failed, this one included; a round without a grade
    is skipped.
    """
    grades = (
        Assessment.objects.settled()
        .filter(provider=assessment.provider, round_id__lte=assessment.round_id)
        .exclude(grade="")
        .order_by("-round_id")
        .values_list("grade", flat=True)
    )
    count = 0
    for grade in grades:
        if grade != Grade.FAIL:
            break
        count += 1
    return count


def _propose_exit(assessment: Assessment, cause: str, vetoes: tuple[str, ...], by: Actor) -> None:
    titles = {veto["key"]: veto["title"] for veto in assessment.round.scheme.vetoes}
    why = listed(titles.get(key, key) for key in vetoes) or _("连续不合格")
    reasons = _("%(round)s：%(why)s（得分 %(total)s）。") % {
        "round": assessment.round.title,
        "why": why,
        "total": assessment.total_words,
    }
    if exiting.under_way(assessment.provider) is None:
        exiting.propose(
            by=by.as_system(),
            provider=assessment.provider,
            cause=cause,
            reasons=reasons,
            assessment=assessment,
        )
        _note(assessment, Effect.EXIT, _("提出退出：%(why)s。") % {"why": why})


def _advice(assessment: Assessment) -> str:
    """The indicators that cost the most points, in words."""
    what = listed(part["title"] for part in assessment.costliest(3))
    return _("书面建议：改进%(what)s。") % {"what": what}


def _note(assessment: Assessment, effect: str, words: str) -> None:
    scheme = assessment.round.scheme
    Consequence.objects.create(
        assessment=assessment,
        provider=assessment.provider,
        effect=effect,
        words=words,
        rule=_("%(scheme)s · 等级“%(grade)s”")
        % {"scheme": scheme.name, "grade": Grade(assessment.grade).label},
    )
