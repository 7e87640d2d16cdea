"""Pages about schemes, rounds and score sheets."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from evaluations.models import Round, Scheme, ScoreSheet
from foundation.access import access
from foundation.journal import timeline
from foundation.pages.base import Page, find_visible
from foundation.roles import Role

OVERSIGHT = (Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.EVALUATOR)
WITH_PROVIDERS = (*OVERSIGHT, Role.COORDINATOR)


class Rounds(Page):
    """The rounds and schemes that the reader may see."""

    access = access(GET=WITH_PROVIDERS)
    template = "evaluations/rounds.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(
            {
                "rounds": Round.objects.visible_to(self.actor).select_related("scheme"),
                "schemes": Scheme.objects.visible_to(self.actor),
            }
        )


class ShowRound(Page):
    """One round: totals and their parts, what may be done."""

    access = access(GET=WITH_PROVIDERS)
    template = "evaluations/round.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Round, self.actor, pk=pk)
        assessments = found.assessments.select_related("provider__organization")
        if self.actor.role == Role.COORDINATOR:
            own = self.actor.organization_id
            assessments = assessments.filter(provider__organization_id=own)
        elif self.actor.role == Role.EVALUATOR:
            assessments = assessments.filter(sheets__evaluator_id=self.actor.user_id)
        rows: list[dict[str, Any]] = []
        for each in assessments.prefetch_related("sheets"):
            sheets = list(each.sheets.all())
            done = sum(sheet.status == "submitted" for sheet in sheets)
            rows.append({"assessment": each, "sheets": len(sheets), "done": done})
        return self.show(
            {
                "object": found,
                "rows": rows,
                "moves": found.moves_for(self.actor),
                "timeline": timeline.told([found], with_names=self.actor.role in OVERSIGHT),
            }
        )


class ShowSheet(Page):
    """One sheet: evidence beside what was scored."""

    access = access(GET=OVERSIGHT)
    template = "evaluations/sheet.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        sheet = find_visible(ScoreSheet, self.actor, pk=pk)
        return self.show(
            {
                "object": sheet,
                "moves": sheet.moves_for(self.actor),
                "figures": sheet.assessment.figures,
                "indicators": sheet.assessment.round.scheme.indicators,
                "timeline": timeline.told([sheet]),
            }
        )


class ShowScheme(Page):
    """One scheme with its indicators."""

    access = access(GET=WITH_PROVIDERS)
    template = "evaluations/scheme.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        scheme = find_visible(Scheme, self.actor, pk=pk)
        return self.show(
            {
                "object": scheme,
                "moves": scheme.moves_for(self.actor),
                "timeline": timeline.told([scheme]),
            }
        )
