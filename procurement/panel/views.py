"""The page of an expert's seat on a panel."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.views import Page, find_visible
from procurement.panel.models import PanelSeat


class ShowPanelSeat(Page):
    """An expert's seat: the declaration, then the scores, which others see after the evaluation."""

    access = access_to(PanelSeat)
    template = "procurement/panel/panel_seat.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        seat = find_visible(PanelSeat.objects.select_related("project", "person"), self.actor, pk=pk)
        own = seat.person_id == self.actor.user_id
        secret = seat.project.being_judged and not own
        return self.render(
            {
                "object": seat,
                "scored": [] if secret else _scored(seat),
                "secret": secret,
                "transitions": seat.transitions_for(self.actor),
                "timeline": timeline.entries_of([seat], to=self.actor),
            }
        )


def _scored(seat: PanelSeat) -> list[dict[str, Any]]:
    """The scores given, by bid and criterion."""
    bids = {str(bid.pk): bid for bid in seat.project.bids.select_related("provider__organization")}
    titles = {criterion["key"]: criterion for criterion in seat.project.criteria}
    return [
        {"bid": bids[key], "rows": [(titles[name], given) for name, given in row.items() if name in titles]}
        for key, row in seat.scores.items()
        if key in bids
    ]
