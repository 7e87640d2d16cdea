"""Pages about providers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from foundation import moments
from foundation.access import access
from foundation.journal import timeline
from foundation.pages.base import Page, find_visible
from foundation.pages.paging import leaf
from foundation.roles import Role
from organizations.models import Duty, Provider


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


DUTY_READERS = (Role.CIVIL_AFFAIRS, Role.WINDOW, Role.HANDLER, Role.SECRETARY, Role.AUDITOR)


class Duties(Page):
    """Who answers for what: the routing of needs, with what it was before."""

    access = access(GET=DUTY_READERS)
    template = "organizations/duties.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        duties = Duty.objects.select_related("organization").order_by("need_kind", "-valid_from")
        today = moments.today()
        in_force = [each for each in duties.on(today) if each.need_kind]
        kinds: dict[str, list[Duty]] = {}
        for each in in_force:
            kinds.setdefault(str(each.get_need_kind_display()), []).append(each)
        return self.show(
            {
                "kinds": kinds,
                "others": [each for each in duties.on(today) if not each.need_kind],
                "ended": [each for each in duties if each.valid_to and each.valid_to < today],
                "coming": [each for each in duties if each.valid_from > today],
            }
        )


class ShowDuty(Page):
    """One duty and what was done to it."""

    access = access(GET=DUTY_READERS)
    template = "organizations/duty.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        duty = find_visible(Duty, self.actor, pk=pk)
        return self.show(
            {
                "object": duty,
                "moves": duty.moves_for(self.actor),
                "timeline": timeline.told([duty]),
            }
        )
