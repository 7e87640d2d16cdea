"""The page of a yearly check."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.views import Page, find_visible
from organizations.yearly_checks.models import YearlyCheck


class ShowYearlyCheck(Page):
    """One year."""

    access = access_to(YearlyCheck)
    template = "organizations/yearly_checks/yearly_check.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = YearlyCheck.objects.select_related("provider__organization")
        found = find_visible(rows, self.actor, pk=pk)
        return self.render(
            {
                "object": found,
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )
