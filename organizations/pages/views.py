"""Pages about providers."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation import moments
from foundation.access import access
from foundation.journal import timeline
from foundation.pages.base import Page, find_visible, visible
from foundation.pages.chips import chip, chip_of
from foundation.pages.paging import leaf
from foundation.pages.tables import Line, table
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


class Providers(Page):
    """Every provider with its standing."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.WINDOW, Role.EVALUATOR, Role.FINANCE, Role.AUDITOR))
    template = "organizations/providers.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = visible(ROWS, self.actor)
        asked = folded(request.GET.get("q", ""))
        if asked:
            found = found.named(asked)
        page = leaf(found, request)
        here = reverse("providers")
        natures = {value: str(label) for value, label in Nature.choices}
        grades = {value: str(label) for value, label in Grade.choices}
        shown = table(
            (_("机构"), _("性质"), _("所在地"), _("准入有效期"), _("最近评估"), _("状态")),
            (
                Line(
                    f"{here}{each.pk}/",
                    each.organization__name,
                    (
                        natures[each.nature],
                        each.organization__place__name or "",
                        day(each.accredited_until) or "—",
                        f"{grades[each.last_grade]} {'' if each.last_score is None else each.last_score}".strip()
                        if each.last_grade
                        else "—",
                        _chip(each.status, each.accredited_until),
                    ),
                )
                for each in page
            ),
        )
        return self.show({"page": page, "table": shown, "asked": asked})


def _chip(status: str, until: date | None) -> SafeString:
    """The state's chip, as the provider's own page shows it."""
    told = Provider(status=status, accredited_until=until).status_told
    return chip(told, "late") if told else chip_of(Provider, status)


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
