"""Pages of rectifications."""

from __future__ import annotations

from types import MappingProxyType

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from evaluations.rectifications.models import Rectification
from evaluations.rectifications.states import RectificationStatus
from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, state_of
from foundation.ui.views import Page, find_visible
from foundation.wording import day

#: Chances below this share are not shown.
SHOWN = 0.005


class Rectifications(ListPage):
    """The rectifications that the reader may see, and who checks again."""

    access = access_to(Rectification)
    template = "evaluations/rectifications/rectifications.html"
    choices = MappingProxyType({"status": RectificationStatus.choices})
    columns = (
        Column(gettext_lazy("机构"), "provider"),
        Column(gettext_lazy("起因"), "assessment.round.title"),
        Column(gettext_lazy("责令日期"), lambda row: day(row.created_at)),
        state_of(Rectification),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Rectification.objects.visible_to(self.actor)
        return self.show_list(found.select_related("provider__organization", "assessment__round"))


class ShowRectification(Page):
    """One rectification."""

    access = access_to(Rectification)
    template = "evaluations/rectifications/rectification.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Rectification, self.actor, pk=pk)
        return self.render(
            {
                "object": found,
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )
