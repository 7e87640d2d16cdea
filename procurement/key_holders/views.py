"""The page of a key holder."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.views import Page, find_visible
from procurement.key_holders.models import KeyHolder


class ShowKeyHolder(Page):
    """A holder's own share, with the transitions open to them."""

    access = access_to(KeyHolder)
    template = "procurement/key_holders/key_holder.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        seat = find_visible(KeyHolder, self.actor, pk=pk)
        return self.render(
            {
                "object": seat,
                "transitions": seat.transitions_for(self.actor),
                "timeline": timeline.entries_of([seat], to=self.actor),
            }
        )
