"""The page of a hand-over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.views import Page, find_visible
from referrals.handovers.models import Handover


class ShowHandover(Page):
    """One hand-over of a matter."""

    access = access_to(Handover)
    template = "referrals/handovers/handover.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        handover = find_visible(Handover, self.actor, pk=pk)
        return self.render(
            {
                "object": handover,
                "transitions": handover.transitions_for(self.actor),
                "timeline": timeline.entries_of([handover], to=self.actor),
            }
        )
