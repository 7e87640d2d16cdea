"""The page of the workbench."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from foundation import moments
from foundation.city import reading
from foundation.permissions import SIGNED_IN, access, access_of
from foundation.ui.views import Page
from marketplace.chrome import navigation
from marketplace.office.steps import open_to
from marketplace.workbench import drawing, waiting
from marketplace.workbench.beginning import what_one_does
from referrals.matters import heard

#: The parts of the workbench, as its template shows them.
PARTS = ("urgent", "overdue", "today", "week", "later", "others")


class ShowWorkbench(Page):
    """Everything that waits for this person; whoever mends it also sees what has stopped working."""

    access = access(GET=SIGNED_IN)
    template = "marketplace/workbench/workbench.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        mends = access_of("undelivered").allows("GET", self.actor.role)
        bench = waiting.open_for(self.actor)
        begun = reading.current().at_work
        lines = partial(drawing.lines, token=get_token(request), reader=self.actor)
        return self.render(
            {
                "bench": bench,
                "lines": {part: lines(getattr(bench, part)) for part in PARTS},
                "heard": heard.waiting(self.actor),
                "what_one_does": what_one_does(self.actor),
                "entries": navigation.others_than_here(self.actor.role, request.path, begun=begun),
                "begun": begun,
                "setting_up": [] if begun or not self.may_open("setup") else open_to(self.actor.role),
                "troubles": waiting.troubles() if mends else None,
                "now": moments.now(),
            }
        )
