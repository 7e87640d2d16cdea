"""The scorecard as a document."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from evaluations.assessments.models import Assessment
from evaluations.scorecards import card
from foundation.documents.making import DocumentKind, declare


def _card(assessment: Assessment) -> dict[str, Any]:
    with translation.override("zh-hans"):
        found = card.card(assessment)
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
    """What the document depends on: the result. A change of it makes a new document."""
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
        public=lambda assessment: assessment.round.public and assessment.has_result,
        stamp=_stamp,
        certified=True,
    )
)
