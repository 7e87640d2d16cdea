"""Pages of changes of facts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, state_of
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import listed, moment
from organizations.fact_changes.models import FactChange


def _names(change: FactChange) -> str:
    """What changes, in words."""
    names = {field.name: field.verbose_name for field in FactChange._meta.concrete_fields}
    return listed(names[name] for name in change.changed)


class FactChanges(ListPage):
    """The requests that the reader sees, newest first."""

    access = access_to(FactChange)
    template = "organizations/fact_changes/fact_changes.html"
    columns = (
        Column(gettext_lazy("机构"), "provider"),
        Column(gettext_lazy("变更内容"), _names),
        Column(gettext_lazy("申请时间"), lambda row: moment(row.created_at)),
        state_of(FactChange),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = visible(FactChange, self.actor).select_related("provider__organization")
        return self.show_list(found)


class ShowFactChange(Page):
    """One request: what is registered, and what is to be."""

    access = access_to(FactChange)
    template = "organizations/fact_changes/fact_change.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = FactChange.objects.select_related("provider__organization")
        found = find_visible(rows, self.actor, pk=pk)
        return self.render(
            {
                "object": found,
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )
