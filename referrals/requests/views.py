"""The page of a request for offers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.journal import timeline
from foundation.permissions import access
from foundation.roles import Role
from foundation.ui.views import Page, find_visible
from referrals.requests.models import RequestForOffers


class ShowCall(Page):
    """One request for offers: who was asked, in which order, and the answers."""

    access = access(GET=(Role.WINDOW, Role.CIVIL_AFFAIRS, Role.AUDITOR))
    template = "referrals/requests/call.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        call = find_visible(RequestForOffers, self.actor, pk=pk)
        asked = {referral.offer_id: referral for referral in call.referrals.select_related("provider")}
        return self.render(
            {
                "object": call,
                "rows": [(row, asked.get(row["offer"])) for row in call.queue],
                "transitions": call.transitions_for(self.actor),
                "timeline": timeline.entries_of([call, *asked.values()], to=self.actor),
            }
        )
