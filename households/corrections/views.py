"""The page of a correction."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.views import Page, find_visible
from households.corrections.models import Correction


class ShowCorrection(Page):
    """The wrong and the right number side by side, for the second person."""

    access = access_to(Correction)
    template = "households/corrections/correction.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        correction = find_visible(Correction, self.actor, pk=pk)
        return self.render(
            {
                "object": correction,
                "transitions": correction.transitions_for(self.actor),
                "timeline": timeline.entries_of([correction], to=self.actor),
            }
        )
