"""The page of a score sheet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from evaluations.assessments.views import frozen_figures, report_shown
from evaluations.permissions import READS_NAMES
from evaluations.sheets import scoring
from evaluations.sheets.forms import rubric_of
from evaluations.sheets.models import ScoreSheet
from foundation.journal import timeline
from foundation.parties import is_one_of
from foundation.permissions import access_to
from foundation.ui.pagination import in_order
from foundation.ui.views import Page, find_visible

#: What the page of a sheet says beside it.
SHOWN_WITH = ("evaluator", "assessment__provider__organization", "assessment__round__scheme")


class ShowSheet(Page):
    """One sheet: the evidence, and what was scored."""

    access = access_to(ScoreSheet)
    template = "evaluations/sheets/sheet.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        sheet = find_visible(ScoreSheet.objects.select_related(*SHOWN_WITH), self.actor, pk=pk)
        assessment = sheet.assessment
        named = is_one_of(READS_NAMES, self.actor, sheet)
        marks = [
            {"leaf": leaf, "case": case, "given": sheet.scores.get(mark), "rubric": rubric_of(leaf)}
            for mark, leaf, case in scoring.marks_of(sheet)
        ]
        return self.render(
            {
                "object": sheet,
                "names": named,
                "transitions": sheet.transitions_for(self.actor),
                "marks": marks if sheet.open_to(self.actor) else None,
                "done": sum(bool(mark["given"]) for mark in marks),
                "all": len(marks),
                "report": report_shown(assessment),
                "files": in_order(assessment.files.filter(appeal=None), request, "files_from"),
                "figures": frozen_figures(assessment),
                "timeline": timeline.entries_of([sheet], with_names=named),
            }
        )
