"""The page of an appeal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from evaluations.appeals.models import Appeal
from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.pagination import in_order
from foundation.ui.views import Page, find_visible


class ShowAppeal(Page):
    """One appeal with the indicator or veto that it contests, its files and its history."""

    access = access_to(Appeal)
    template = "evaluations/appeals/appeal.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Appeal, self.actor, pk=pk)
        part = next((p for p in found.assessment.parts if p["key"] == found.key), None)
        transitions = found.transitions_for(self.actor)
        return self.render(
            {
                "object": found,
                "part": part,
                "files": in_order(found.files.all(), request, "files_from"),
                "transitions": transitions,
                "timeline": timeline.entries_of([found]),
            }
        )
