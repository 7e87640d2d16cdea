"""Pages of emergency access."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from foundation.permissions import access_to
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, state_of
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import moment
from organizations.emergencies import trail
from organizations.emergencies.models import EmergencyAccess


class Emergencies(ListPage):
    """The emergencies that the reader sees, newest first."""

    access = access_to(EmergencyAccess)
    template = "organizations/emergencies/emergencies.html"
    columns = (
        Column(gettext_lazy("谁，用什么身份"), str),
        Column(gettext_lazy("生效时间"), lambda row: moment(row.opened_at)),
        Column(gettext_lazy("到时或结束"), lambda row: moment(row.until)),
        state_of(EmergencyAccess),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = visible(EmergencyAccess, self.actor)
        return self.show_list(found.select_related("user", "organization", "place"))


class ShowEmergency(Page):
    """One emergency: why it was asked for, what was opened in it, and, for oversight, what was done."""

    access = access_to(EmergencyAccess)
    template = "organizations/emergencies/emergency.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(EmergencyAccess, self.actor, pk=pk)
        return self.render(
            {
                "object": found,
                "transitions": found.transitions_for(self.actor),
                "timeline": trail.of(found, self.actor),
            }
        )
