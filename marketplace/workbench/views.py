"""The page of the workbench."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.permissions import SIGNED_IN, access
from foundation.roles import Role
from foundation.ui.views import Page
from marketplace.workbench import waiting
from referrals.matters import heard


class ShowWorkbench(Page):
    """Everything that waits for this person; for civil affairs also what has stopped working."""

    access = access(GET=SIGNED_IN)
    template = "marketplace/workbench/workbench.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        troubles = waiting.troubles() if self.actor.role == Role.CIVIL_AFFAIRS else None
        bench = waiting.open_for(self.actor)
        heard_of = heard.waiting(self.actor)
        return self.render(
            {
                "bench": bench,
                "heard": heard_of,
                "troubles": troubles,
                "own_page": self.actor.role == Role.HOUSEHOLD,
                "may_accept": self.actor.role == Role.WINDOW,
                "may_report": self.actor.role == Role.ASSISTANT,
            }
        )
