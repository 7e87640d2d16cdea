"""Pages about providers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation.access import access
from foundation.journal import timeline
from foundation.pages.base import Page, find_visible
from foundation.pages.paging import leaf
from foundation.roles import Role
from organizations.models import Provider


class Providers(Page):
    """Every provider with its standing."""

    access = access(
        GET=(Role.CIVIL_AFFAIRS, Role.WINDOW, Role.EVALUATOR, Role.FINANCE, Role.AUDITOR)
    )
    template = "organizations/providers.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Provider.objects.visible_to(self.actor).select_related("organization__place")
        asked = request.GET.get("q", "").strip()
        if asked:
            found = found.filter(organization__name__icontains=asked)
        return self.show({"providers": leaf(found, request), "asked": asked})


class ShowProvider(Page):
    """One provider: standing, what may be done, what was done."""

    access = access(
        GET=(
            Role.CIVIL_AFFAIRS,
            Role.WINDOW,
            Role.EVALUATOR,
            Role.FINANCE,
            Role.AUDITOR,
            Role.COORDINATOR,
        )
    )
    template = "organizations/provider.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        provider = find_visible(Provider, self.actor, pk=pk)
        return self.show(
            {
                "object": provider,
                "moves": provider.moves_for(self.actor),
                "timeline": timeline.told([provider]),
            }
        )
