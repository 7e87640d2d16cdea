"""Pages of bodies, windows, committees and agencies."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms import typed
from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.chips import chip_of
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, named, narrowed, or_dash, table
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import day
from organizations.bodies import hours
from organizations.bodies.models import ENTERED, Organization, OrganizationKind, OrganizationName
from organizations.bodies.seeking import called
from organizations.places.seeking import full_name_of
from organizations.providers.models import Provider
from organizations.responsibilities.models import Responsibility


def _name(organization: Organization) -> Any:
    """The name, with the place of a window or a committee beneath it."""
    place = organization.place
    return named(organization.name, full_name_of(place)) if place is not None else organization.name


class Bodies(ListPage):
    """Bodies, windows, committees and agencies, newest first, found by a part of the name; providers have a list of
    their own.
    """

    access = access_to(Organization)
    template = "organizations/bodies/bodies.html"
    columns = (
        Column(gettext_lazy("名称"), _name),
        Column(gettext_lazy("类别"), lambda row: row.get_kind_display()),
        Column(gettext_lazy("公开电话"), lambda row: or_dash(row.phone)),
        Column(gettext_lazy("办公地址"), lambda row: or_dash(row.address)),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = typed.line(request.GET.get("q", ""))[:40]
        kinds = [(kind.value, OrganizationKind(kind).label) for kind in ENTERED]
        found, links = narrowed(visible(Organization, self.actor).entered(), request, kind=kinds)
        if asked:
            found = called(found, asked)
        rows = found.select_related("place__parent").order_by("status", "kind", "code")
        return self.show_in_order(rows, asked=asked, filters=links)

    def mark(self, row: Organization) -> SafeString | str:
        """That an organization is used no more."""
        return chip_of(Organization, row.status) if row.closed else ""


def _days(name: OrganizationName | Responsibility) -> str:
    """From which day to which a name or a responsibility holds, in words."""
    first = day(name.valid_from) if name.valid_from else _("（起始日不详）")
    last = day(name.valid_to) if name.valid_to else _("至今")
    return f"{first} – {last}"


#: The names of an organization, the days of its week, and its responsibilities.
NAMES = (Column(gettext_lazy("名称"), "name"), Column(gettext_lazy("日子"), _days))
WEEK = (
    Column(gettext_lazy("星期"), lambda row: row[0]),
    Column(gettext_lazy("开放时间"), lambda row: row[1]),
)
DUTIES = (
    Column(gettext_lazy("职责"), "text"),
    Column(gettext_lazy("需求类别"), lambda row: or_dash(row.get_need_kind_display())),
    Column(gettext_lazy("日子"), _days),
)


class ShowBody(Page):
    """One body: its names and their days, how it is reached and when, what it answers for, and its timeline.

    A provider is shown on its own page.
    """

    access = access_to(Organization)
    template = "organizations/bodies/body.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Organization.objects.select_related("place__parent"), self.actor, pk=pk)
        if found.kind == OrganizationKind.PROVIDER:
            provider = Provider.objects.filter(organization=found).first()
            if provider is None:
                raise Http404
            return redirect(provider)
        names, duties = list(found.names.all()), list(found.responsibilities.all())
        week = hours.told(found.hours)
        return self.render(
            {
                "object": found,
                "place": full_name_of(found.place) if found.place else "",
                "names": table(NAMES, names, plain=True) if names else "",
                "hours": table(WEEK, week, plain=True, stacked=False) if week else "",
                "duties": table(DUTIES, duties, address=Responsibility.get_absolute_url) if duties else "",
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )
