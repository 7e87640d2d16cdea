"""Pages of providers, for people who are signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from foundation.forms.typed import folded
from foundation.journal import timeline
from foundation.permissions import access
from foundation.roles import READS_OF_PROVIDERS
from foundation.ui.chips import chip, chip_of
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import day
from organizations.providers.models import Grade, Nature, Provider

#: Columns of a row of the list.
ROWS = Provider.objects.values_list(
    "pk",
    "status",
    "nature",
    "organization__name",
    "organization__place__name",
    "accredited_until",
    "last_grade",
    "last_score",
    named=True,
)


def _chip(row: Any) -> SafeString:
    """The chip of a row's standing, as on the provider's page."""
    words = Provider(status=row.status, accredited_until=row.accredited_until).status_told
    return chip(words, "late") if words else chip_of(Provider, row.status)


def _last_assessment(row: Any) -> str:
    """Grade and score of the last assessment."""
    if not row.last_grade:
        return "—"
    score = "" if row.last_score is None else row.last_score
    return f"{Grade(row.last_grade).label} {score}".strip()


class Providers(ListPage):
    """The providers that the reader sees, each with its standing; ``?q=`` searches by name."""

    access = access(GET=READS_OF_PROVIDERS)
    template = "organizations/providers/providers.html"
    rows = ROWS
    beneath = "providers"
    by = "pk"
    columns = (
        Column(gettext_lazy("机构"), "organization__name"),
        Column(gettext_lazy("性质"), lambda row: Nature(row.nature).label),
        Column(gettext_lazy("所在地"), lambda row: row.organization__place__name or ""),
        Column(gettext_lazy("准入有效期"), lambda row: day(row.accredited_until) or "—"),
        Column(gettext_lazy("最近评估"), _last_assessment),
        Column(gettext_lazy("状态"), _chip),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = visible(Provider, self.actor)
        asked = folded(request.GET.get("q", ""))
        return self.show_list(found.named(asked) if asked else found, asked=asked)


class ShowProvider(Page):
    """One provider: its standing, its transitions and its timeline."""

    access = access(GET=READS_OF_PROVIDERS)
    template = "organizations/providers/provider.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        provider = find_visible(Provider, self.actor, pk=pk)
        return self.render(
            {
                "object": provider,
                "transitions": provider.transitions_for(self.actor),
                "timeline": timeline.entries_of([provider]),
            }
        )
