"""The page of a relocation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.views import Page, find_visible
from households.register.models import Household
from households.relocations.models import Relocation


class ShowRelocation(Page):
    """One hand-over between two windows."""

    access = access_to(Relocation)
    template = "households/relocations/relocation.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        relocation = find_visible(Relocation, self.actor, pk=pk)
        return self.render(
            {
                "object": relocation,
                "in_charge": Household.objects.visible_to(self.actor)
                .filter(pk=relocation.household_id)
                .exists(),
                "transitions": relocation.transitions_for(self.actor),
                "timeline": timeline.entries_of([relocation], to=self.actor),
            }
        )
