"""What the chair of a round has to decide: it is found once, when moderation begins, and ends with each ruling.

No sheet changes while its round is moderated, so nothing is added later.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, QuerySet

from evaluations.assessments.models import Assessment, Question, RulingKind
from evaluations.rounds.models import Round
from evaluations.sheets import agreement, lots
from evaluations.sheets.models import ScoreSheet
from foundation.forms.typed import whole_number
from foundation.rules import reading

#: How many questions are written in one statement.
AT_ONCE = 1_000


def put(round_: Round) -> None:
    """Put before the chair what the submitted sheets of a round leave open."""
    sheets = agreement.sheets_of(round_)
    widest = int(reading.as_it_was(lots.PANEL, int(round_.rules.get(lots.PANEL, 0))).value["differ"])
    found = [*_differences(sheets, widest), *_suspicions(sheets)]
    Question.objects.bulk_create((Question(round=round_, **asked) for asked in found), batch_size=AT_ONCE)


def _differences(sheets: Sequence[ScoreSheet], widest: int) -> Iterator[dict[str, Any]]:
    """The marks on which evaluators differ; those of more than ``widest`` levels are open."""
    for (assessment, mark), levels in agreement.levels_of(sheets).items():
        width = max(levels.values()) - min(levels.values())
        if width:
            yield {
                "assessment_id": assessment,
                "kind": RulingKind.MODERATION,
                "key": mark,
                "open": width > widest,
                "width": width,
                "levels": levels,
            }


def _suspicions(sheets: Sequence[ScoreSheet]) -> Iterator[dict[str, Any]]:
    """The vetoes that evaluators suspect, each with the words of each of them."""
    for sheet in sheets:
        for veto, words in sheet.suspicions.items():
            yield {
                "assessment_id": sheet.assessment_id,
                "kind": RulingKind.VETO,
                "key": veto,
                "open": True,
                "words": words,
            }


def answer(assessment: Assessment, kind: str, key: str) -> None:
    """The chair has ruled on it."""
    assessment.questions.filter(kind=kind, key=key).update(open=False)


def differences(round_: Round) -> QuerySet[Question]:
    """All marks of a round on which evaluators differ: those to be decided first, then the widest."""
    return _told(round_, RulingKind.MODERATION)


def undecided(round_: Round) -> tuple[QuerySet[Question], QuerySet[Question]]:
    """What the chair still has to decide: the differences, widest first, and the suspicions."""
    return differences(round_).filter(open=True), _told(round_, RulingKind.VETO).filter(open=True)


def difference(round_: Round, mark: str) -> Question | None:
    """The difference that a form value (``assessment:mark``) names; None where evaluators agree there."""
    return differences(round_).filter(assessment=assessment_of(mark), key=mark.partition(":")[2]).first()


def assessment_of(mark: str) -> int | None:
    """The assessment that such a value names; None for another text."""
    return whole_number(mark.partition(":")[0])


def counted(rounds: Sequence[Round]) -> dict[int, Counter[str]]:
    """How many questions of several rounds are open, by round and kind; no round without any."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    kinds = Question.objects.filter(round__in=rounds, open=True).order_by().values_list("round", "kind")
    for round_, kind, count in kinds.annotate(count=Count("pk")) if rounds else ():
        found[round_][kind] = count
    return found


def _told(round_: Round, kind: str) -> QuerySet[Question]:
    """The questions of one kind, with what their words need."""
    found = round_.questions.filter(kind=kind).select_related("assessment__provider__organization")
    unread = [f"assessment__{name}" for name in ("evidence", "report", "figures", "parts")]
    return found.prefetch_related("assessment__cases").defer(*unread)
