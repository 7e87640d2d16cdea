"""The page of a penalty."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from contracts.penalties.models import Penalty
from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.views import Page, find_visible


class ShowPenalty(Page):
    """A penalty: the rule broken, what happened, and the provider's answer."""

    access = access_to(Penalty)
    template = "contracts/penalties/penalty.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        penalty = find_visible(Penalty, self.actor, pk=pk)
        return self.render(
            {
                "object": penalty,
                "transitions": penalty.transitions_for(self.actor),
                "timeline": timeline.entries_of([penalty]),
            }
        )
