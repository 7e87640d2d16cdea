"""The page of a supplementary agreement."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest, HttpResponse

from contracts.amendments.models import Amendment
from contracts.contracts.views import PARTIES
from foundation.journal import timeline
from foundation.permissions import access
from foundation.ui.views import Page, find_visible


class ShowAmendment(Page):
    """A supplementary agreement: each line before and after, and the difference in cost (CNY)."""

    access = access(GET=PARTIES)
    template = "contracts/amendments/amendment.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        amendment = find_visible(Amendment, self.actor, pk=pk)
        rows = [
            {
                **line,
                "more": line["after"] - line["before"],
                "cost": Decimal(line["price"]) * (line["after"] - line["before"]),
            }
            for line in amendment.lines
        ]
        return self.render(
            {
                "object": amendment,
                "rows": rows,
                "signatures": amendment.signatures.all(),
                "transitions": amendment.transitions_for(self.actor),
                "timeline": timeline.entries_of([amendment]),
            }
        )
