"""The household's page: its people, its consents, and all help received."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.access import access
from foundation.journal import timeline
from foundation.pages.base import Page, find_visible
from foundation.pages.paging import leaf
from foundation.roles import Role
from households.models import Household

READERS = (Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.WINDOW, Role.ASSISTANT, Role.HOUSEHOLD)


class Households(Page):
    """The households that the reader may see, by number or identity number."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.WINDOW, Role.ASSISTANT))
    template = "households/households.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Household.objects.visible_to(self.actor).select_related("place", "town")
        asked = request.GET.get("q", "").strip()
        if asked:
            found = found.filter(number__icontains=asked)
        return self.show(
            {"households": leaf(found.prefetch_related("members__person"), request), "asked": asked}
        )


class ShowHousehold(Page):
    """One household; the people's data stay masked until a reason is given."""

    access = access(GET=READERS)
    template = "households/household.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        household = find_visible(Household, self.actor, number=number)
        members = list(household.members.select_related("person"))
        return self.show(
            {
                "object": household,
                "members": members,
                "consents": household.consents.all(),
                "help": household.help_received.select_related("giver"),
                "timeline": timeline.told([household, *[each.person for each in members]]),
            }
        )
