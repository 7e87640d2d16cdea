"""The page of a second home."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.journal import timeline
from foundation.permissions import access
from foundation.roles import Role
from foundation.ui.views import Page, find_visible
from households.joining.models import Joining
from households.register.views import WORKERS


class ShowJoining(Page):
    """A proposed second home, for the window where the person counts."""

    access = access(GET=WORKERS)
    template = "households/joining/joining.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        joining = find_visible(Joining, self.actor, pk=pk)
        of_the_home = self.actor.role != Role.WINDOW or joining.home.town_id == self.actor.place_id
        return self.render(
            {
                "object": joining,
                "of_the_home": of_the_home,
                "transitions": joining.transitions_for(self.actor),
                "timeline": timeline.entries_of([joining], with_names=of_the_home, to=self.actor),
            }
        )
