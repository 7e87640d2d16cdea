"""Pages of re-matchings."""

from __future__ import annotations

from operator import itemgetter

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, state_of, table
from foundation.ui.views import Page, find_visible
from foundation.wording import day
from referrals.rematching.models import Rematch


class Rematches(ListPage):
    """The re-matchings of leaving providers."""

    access = access_to(Rematch)
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


#: The columns of the referrals for which a new provider was found.
PLACED = (
    Column(gettext_lazy("转介号"), itemgetter("number")),
    Column(gettext_lazy("服务项目"), itemgetter("item")),
    Column(gettext_lazy("镇街"), itemgetter("town")),
    Column(gettext_lazy("剩余数量"), itemgetter("units")),
    Column(gettext_lazy("移交给"), itemgetter("provider")),
    Column(gettext_lazy("得分"), itemgetter("points"), "money"),
)


class ShowRematch(Page):
    """The preview of a re-matching: which provider takes what, and what finds no room."""

    access = access_to(Rematch)
    template = "referrals/rematching/rematch.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rematch = find_visible(Rematch, self.actor, pk=pk)
        placed = in_order(rematch.placed, request)
        return self.render(
            {
                "object": rematch,
                "placed": table(PLACED, placed),
                "page": placed,
                "unplaced": in_order(rematch.unplaced, request, "unplaced_from"),
                "otherwise": in_order(rematch.otherwise, request, "otherwise_from"),
                "transitions": rematch.transitions_for(self.actor),
                "timeline": timeline.entries_of([rematch]),
            }
        )
