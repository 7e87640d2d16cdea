"""The actions of the self-report of a provider: words for every indicator, and files as evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from evaluations.appeals.models import Appeal
from evaluations.assessments.models import Assessment, EvidenceFile
from evaluations.assessments.states import ASSESSMENT
from foundation import moments
from foundation.refusals import Invalid
from foundation.roles import Actor

#: How many files one provider may hand in in a round.
MOST_FILES = 20


ask = ASSESSMENT.act("ask", Assessment)


@ASSESSMENT.transition("report")
def report(assessment: Assessment, *, by: Actor, words: Mapping[str, str], files: Sequence[Any] = ()) -> None:
    """Hand in the self-report: ``{indicator: words}``, and files.

    Raises ``Invalid`` for an empty report and for too many files.
    """
    _keep(assessment, words, files)


@ASSESSMENT.transition("amend_report")
def amend_report(
    assessment: Assessment, *, by: Actor, words: Mapping[str, str], files: Sequence[Any] = ()
) -> None:
    """Amend the self-report until scoring begins; files can be added but not taken away.

    Raises ``Invalid`` for too many files.
    """
    _keep(assessment, words, files)


def _keep(assessment: Assessment, words: Mapping[str, str], files: Sequence[Any]) -> None:
    said = {key: text.strip()[:4000] for key, text in words.items() if text.strip()}
    if not said:
        message = _("请至少就一项指标写明情况。")
        raise Invalid(message, fields={"files": message}, rule="S26")
    assessment.report, assessment.reported_at = said, moments.now()
    add_files(assessment, files)


def add_files(assessment: Assessment, files: Sequence[Any], appeal: Appeal | None = None) -> None:
    """Keep files of an assessment or an appeal, encrypted. Raises ``Invalid`` for too many."""
    if assessment.files.count() + len(files) > MOST_FILES:
        message = _("一轮最多上传 %(most)s 个文件。") % {"most": MOST_FILES}
        raise Invalid(message, fields={"files": message})
    for file in files:
        EvidenceFile.objects.create(
            assessment=assessment,
            appeal=appeal,
            name=file.name[:120],
            kind=file.kind,
            content=EvidenceFile.seal(file.read()),
        )
