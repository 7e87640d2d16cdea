"""Pages of re-matchings."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from foundation.journal import timeline
from foundation.permissions import access
from foundation.roles import Role
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, state_of
from foundation.ui.views import Page, find_visible
from foundation.wording import day
from referrals.rematching.models import Rematch


class Rematches(ListPage):
    """The re-matchings of leaving providers."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR))
    template = "referrals/rematching/rematches.html"
    columns = (
        Column(gettext_lazy("退出的机构"), "provider"),
        Column(gettext_lazy("转介"), lambda row: len(row.plan)),
        Column(gettext_lazy("放不下"), lambda row: len(row.unplaced)),
        Column(gettext_lazy("时间"), lambda row: day(row.created_at)),
        state_of(Rematch),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(Rematch.objects.visible_to(self.actor).select_related("provider__organization"))


class ShowRematch(Page):
    """The preview of a re-matching: which provider takes what, and what finds no room."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR))
    template = "referrals/rematching/rematch.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rematch = find_visible(Rematch, self.actor, pk=pk)
        return self.render(
            {
                "object": rematch,
                "transitions": rematch.transitions_for(self.actor),
                "timeline": timeline.entries_of([rematch]),
            }
        )
