"""Pages of dispensations."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, state_of
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import day
from organizations.dispensations.models import Dispensation


class Dispensations(ListPage):
    """The dispensations that the reader sees, newest first."""

    access = access_to(Dispensation)
    template = "organizations/dispensations/dispensations.html"
    columns = (
        Column(gettext_lazy("例外"), str),
        Column(gettext_lazy("自"), lambda row: day(row.valid_from)),
        Column(gettext_lazy("至"), lambda row: day(row.valid_to)),
        state_of(Dispensation),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(visible(Dispensation, self.actor).select_related("user"))


class ShowDispensation(Page):
    """One dispensation, why it was asked for, and its timeline."""

    access = access_to(Dispensation)
    template = "organizations/dispensations/dispensation.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Dispensation, self.actor, pk=pk)
        return self.render(
            {
                "object": found,
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )
