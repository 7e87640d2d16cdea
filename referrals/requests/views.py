"""The page of a request for offers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.deadlines.models import Clock
from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.views import Page, find_visible
from referrals.requests.models import RequestForOffers


class ShowRequestForOffers(Page):
    """One request for offers: who was asked, in which order, and the answers."""

    access = access_to(RequestForOffers)
    template = "referrals/requests/request.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(RequestForOffers, self.actor, pk=pk)
        asked = {referral.offer_id: referral for referral in found.referrals.select_related("provider")}
        running = Clock.objects.running_on([*asked.values()])
        referrals = [(row, asked.get(row["offer"])) for row in found.queue]
        return self.render(
            {
                "object": found,
                "rows": [
                    (row, referral, running[referral.pk] if referral else []) for row, referral in referrals
                ],
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found, *asked.values()], to=self.actor),
            }
        )
