"""The page of the workbench."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.permissions import SIGNED_IN, access, access_of
from foundation.ui.views import Page
from marketplace.workbench import waiting
from referrals.matters import heard


class ShowWorkbench(Page):
    """Everything that waits for this person; whoever mends it also sees what has stopped working."""

    access = access(GET=SIGNED_IN)
    template = "marketplace/workbench/workbench.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        mends = access_of("undelivered").allows("GET", self.actor.role)
        return self.render(
            {
                "bench": waiting.open_for(self.actor),
                "heard": heard.waiting(self.actor),
                "troubles": waiting.troubles() if mends else None,
                "own_page": self.actor.private,
            }
        )
