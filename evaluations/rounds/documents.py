"""The document that announces the results of a round."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from evaluations.rounds.models import Round
from foundation.documents.making import DocumentKind, declare


def _announced(round_: Round) -> dict[str, Any]:
    """The context of the announcement, in Chinese."""
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
                    "rank": assessment.rank,
                    "provider": str(assessment.provider),
                    "total": assessment.total_words,
                    "grade": assessment.grade_words,
                }
                for assessment in round_.assessments.select_related("provider__organization")
            ],
        }


RESULTS = declare(
    DocumentKind(
        key="round-results",
        subject="evaluations.Round",
        template="documents/round_results.html",
        title=lambda round_: f"评估结果公告 {round_.title}",
        context=_announced,
        may_read=lambda round_, actor: round_.public,
        public=lambda round_: round_.public,
        certified=True,
    )
)
