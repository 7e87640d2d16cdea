"""Pages about providers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.access import access
from foundation.journal import timeline
from foundation.pages.base import Page, find_visible, visible
from foundation.pages.chips import chip, chip_of
from foundation.pages.lists import ListPage
from foundation.pages.tables import Column
from foundation.roles import Role
from foundation.typed import folded
from foundation.wording import day
from organizations.models import Duty, Provider
from organizations.models.provider import Grade, Nature

#: What a row of the list shows.
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
    """The state's chip, as the provider's own page shows it."""
    told = Provider(status=row.status, accredited_until=row.accredited_until).status_told
    return chip(told, "late") if told else chip_of(Provider, row.status)


def _last(row: Any) -> str:
    """Grade and score of the last assessment."""
    if not row.last_grade:
        return "—"
    score = "" if row.last_score is None else row.last_score
    return f"{Grade(row.last_grade).label} {score}".strip()


class Providers(ListPage):
    """Every provider with its standing."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.WINDOW, Role.EVALUATOR, Role.FINANCE, Role.AUDITOR))
    template = "organizations/providers.html"
    beneath = "providers"
    by = "pk"
    columns = (
        Column(gettext_lazy("机构"), "organization__name"),
        Column(gettext_lazy("性质"), lambda row: Nature(row.nature).label),
        Column(gettext_lazy("所在地"), lambda row: row.organization__place__name or ""),
        Column(gettext_lazy("准入有效期"), lambda row: day(row.accredited_until) or "—"),
        Column(gettext_lazy("最近评估"), _last),
        Column(gettext_lazy("状态"), _chip),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = visible(ROWS, self.actor)
        asked = folded(request.GET.get("q", ""))
        return self.show_list(found.named(asked) if asked else found, asked=asked)


class ShowProvider(Page):
    """One provider: standing, what may be done, what was done."""

    access = access(
        GET=(Role.CIVIL_AFFAIRS, Role.WINDOW, Role.EVALUATOR, Role.FINANCE, Role.AUDITOR, Role.COORDINATOR)
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
            {"object": duty, "moves": duty.moves_for(self.actor), "timeline": timeline.told([duty])}
        )
