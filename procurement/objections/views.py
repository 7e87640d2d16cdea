"""The page of an objection."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.journal import timeline
from foundation.parties import is_one_of
from foundation.permissions import access_to
from foundation.ui.views import Page, find_visible
from procurement.objections.models import Objection
from procurement.permissions import KNOWS_PROPOSALS


class ShowObjection(Page):
    """An objection, its answer, and what finance decided."""

    access = access_to(Objection)
    template = "procurement/objections/objection.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        objection = find_visible(Objection, self.actor, pk=pk)
        return self.render(
            {
                "object": objection,
                "buying": is_one_of(KNOWS_PROPOSALS, self.actor, objection),
                "transitions": objection.transitions_for(self.actor),
                "timeline": timeline.entries_of([objection], to=self.actor),
            }
        )
