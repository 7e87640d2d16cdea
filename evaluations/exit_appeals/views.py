"""The page of an appeal against an exit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from evaluations.exit_appeals.models import ExitAppeal
from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.views import Page, find_visible


class ShowExitAppeal(Page):
    """One appeal against an exit."""

    access = access_to(ExitAppeal)
    template = "evaluations/exit_appeals/exit_appeal.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(ExitAppeal, self.actor, pk=pk)
        return self.render(
            {
                "object": found,
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )
