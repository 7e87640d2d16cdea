"""The page of a second home."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.journal import timeline
from foundation.parties import is_one_of
from foundation.permissions import access_to
from foundation.ui.views import Page, find_visible
from households.joining.models import Joining
from households.permissions import KNOWS_THE_HOME


class ShowJoining(Page):
    """A proposed second home, for the window where the person counts."""

    access = access_to(Joining)
    template = "households/joining/joining.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        joining = find_visible(Joining, self.actor, pk=pk)
        of_the_home = is_one_of(KNOWS_THE_HOME, self.actor, joining)
        return self.render(
            {
                "object": joining,
                "of_the_home": of_the_home,
                "transitions": joining.transitions_for(self.actor),
                "timeline": timeline.entries_of([joining], with_names=of_the_home, to=self.actor),
            }
        )
