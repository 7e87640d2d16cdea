"""Documents of evaluation: the scorecard, the notice before an exit, the decision."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from evaluations import scorecards
from evaluations.lifecycle import ExitStatus
from evaluations.models import Assessment, Exit, Round
from evaluations.models.round import PUBLIC
from foundation.documents.making import DocumentKind, declare
from foundation.roles import Actor


def _card(assessment: Assessment) -> dict[str, Any]:
    with translation.override("zh-hans"):
        found = scorecards.card(assessment)
        return {
            **{name: found[name] for name in ("provider", "round", "grade", "short", "vetoes")},
            "number": f"评估 {assessment.round_id}-{assessment.pk}",
            "from": found["period"][0],
            "to": found["period"][1],
            "total": assessment.total_words,
            "rank": assessment.rank,
            "of": assessment.round.assessments.count(),
            "parts": [
                {
                    "group": part["group"],
                    "title": part["title"],
                    "weight": part["weight"],
                    "points": part["points"],
                    "words": part["words"],
                }
                for part in found["parts"]
            ],
            "charts": [
                {
                    "title": c.title,
                    "svg": c.svg,
                    "heads": c.heads,
                    "rows": [list(map(str, r)) for r in c.rows],
                }
                for c in found["charts"]
            ],
            "gains": [
                {"title": g.title, "points": str(g.points), "now": g.now, "advice": g.advice}
                for g in found["gains"]
            ],
        }


def _stamp(assessment: Assessment) -> dict[str, Any]:
    """What makes another scorecard: the result itself."""
    return {
        "parts": assessment.parts,
        "total": str(assessment.total),
        "grade": assessment.grade,
        "rank": assessment.rank,
    }


SCORECARD = declare(
    DocumentKind(
        key="scorecard",
        subject="evaluations.Assessment",
        template="documents/scorecard.html",
        title=lambda assessment: f"评估结果 {assessment}",
        context=_card,
        may_read=lambda assessment, actor: assessment.has_result and assessment.result_open_to(actor),
        public=lambda assessment: assessment.round.status in PUBLIC and assessment.has_result,
        stamp=_stamp,
        certified=True,
    )
)


def _may_read_exit(exit_: Exit, actor: Actor) -> bool:
    return Exit.objects.visible_to(actor).filter(pk=exit_.pk).exists()


def _notice(exit_: Exit) -> dict[str, Any]:
    with translation.override("zh-hans"):
        return {
            "number": f"退出 {exit_.pk}",
            "provider": str(exit_.provider),
            "credit_code": exit_.provider.organization.credit_code,
            "cause": str(exit_.get_cause_display()),
            "reasons": exit_.reasons,
            "on": exit_.created_at,
            "decided_at": exit_.decided_at,
            "barred_until": exit_.barred_until,
            "votes": [{"leaves": each.leaves, "why": each.why} for each in exit_.votes.all()],
            "heard": bool(exit_.statement),
            "correction": exit_.correction,
        }


EXIT_NOTICE = declare(
    DocumentKind(
        key="exit-notice",
        subject="evaluations.Exit",
        template="documents/exit_notice.html",
        title=lambda exit_: f"退出事先告知书 {exit_.provider}",
        context=_notice,
        may_read=_may_read_exit,
    )
)
EXIT_DECISION = declare(
    DocumentKind(
        key="exit-decision",
        subject="evaluations.Exit",
        template="documents/exit_decision.html",
        title=lambda exit_: f"退出决定书 {exit_.provider}",
        context=_notice,
        may_read=lambda exit_, actor: exit_.decided_at is not None and _may_read_exit(exit_, actor),
        public=lambda exit_: (
            exit_.status in (ExitStatus.SETTLING, ExitStatus.LISTED, ExitStatus.ENDED, ExitStatus.REVOKED)
        ),
        certified=True,
    )
)


def _announced(round_: Round) -> dict[str, Any]:
    with translation.override("zh-hans"):
        return {
            "number": f"评估 {round_.pk}",
            "title": round_.title,
            "scheme": round_.scheme.name,
            "from": round_.period_from,
            "to": round_.period_to,
            "seed": round_.seed,
            "rows": [
                {
                    "rank": each.rank,
                    "provider": str(each.provider),
                    "total": each.total_words,
                    "grade": each.grade_words,
                }
                for each in round_.assessments.select_related("provider__organization")
            ],
        }


RESULTS = declare(
    DocumentKind(
        key="round-results",
        subject="evaluations.Round",
        template="documents/round_results.html",
        title=lambda round_: f"评估结果公告 {round_.title}",
        context=_announced,
        may_read=lambda round_, actor: round_.status in PUBLIC,
        public=lambda round_: round_.status in PUBLIC,
        certified=True,
    )
)
