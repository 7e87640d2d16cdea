"""Pages of places."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from foundation.forms import typed
from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.chips import chip_of
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, named, narrowed, or_dash, table
from foundation.ui.views import Page, find_visible, visible
from organizations.bodies.models import Organization
from organizations.places.codes import in_degrees
from organizations.places.models import Place, PlaceKind
from organizations.places.seeking import called
from organizations.places.states import PlaceStatus


def _name(place: Place) -> Any:
    """The name, with the town of a village beneath it."""
    return (
        named(place.name, place.parent.name)
        if place.kind == PlaceKind.VILLAGE and place.parent
        else place.name
    )


def _parts(place: Any) -> Any:
    """How many parts in use a place has."""
    return place.parts_in_use or "—"


def _position(place: Place) -> str:
    """Where a place lies, in degrees; a dash where that is not known."""
    return (
        "—"
        if place.latitude is None or place.longitude is None
        else f"{in_degrees(place.latitude)}, {in_degrees(place.longitude)}"
    )


class Places(ListPage):
    """The places of the city as a tree, each town followed by its villages; found by a part of the name or the code."""

    access = access_to(Place)
    template = "organizations/places/places.html"
    columns = (
        Column(gettext_lazy("名称"), _name),
        Column(gettext_lazy("区划代码"), "code"),
        Column(gettext_lazy("类别"), lambda row: row.get_kind_display()),
        Column(gettext_lazy("开发区"), lambda row: or_dash(row.zone and row.zone.name)),
        Column(gettext_lazy("下级"), _parts),
        Column(gettext_lazy("位置"), _position),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = typed.line(request.GET.get("q", ""))[:40]
        found, links = narrowed(visible(Place, self.actor), request, kind=PlaceKind.choices)
        if asked:
            found = called(found, asked) | found.filter(code__startswith=asked)
        in_use = Count("parts", filter=Q(parts__status__in=PlaceStatus.unfinished()))
        rows = found.select_related("parent", "zone").annotate(parts_in_use=in_use).order_by("code")
        return self.show_in_order(rows, asked=asked, filters=links)

    def mark(self, row: Place) -> SafeString | str:
        """That a place is used no more."""
        return chip_of(Place, row.status) if row.closed else ""


#: The parts of a place, and the organizations there.
PARTS = (
    Column(gettext_lazy("名称"), "name"),
    Column(gettext_lazy("区划代码"), "code"),
    Column(gettext_lazy("类别"), lambda row: row.get_kind_display()),
)
THERE = (
    Column(gettext_lazy("名称"), "name"),
    Column(gettext_lazy("类别"), lambda row: row.get_kind_display()),
    Column(gettext_lazy("公开电话"), lambda row: or_dash(row.phone)),
)

#: Rows of a table within the page of a place.
SHOWN = 100


class ShowPlace(Page):
    """One place: what it belongs to, its parts, who works there, and its timeline."""

    access = access_to(Place)
    template = "organizations/places/place.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        place = find_visible(Place.objects.select_related("parent", "zone"), self.actor, pk=pk)
        parts = list(Place.objects.in_use().filter(Q(parent=place) | Q(zone=place))[: SHOWN + 1])
        there = list(Organization.objects.in_use().entered().filter(place=place)[: SHOWN + 1])
        return self.render(
            {
                "object": place,
                "position": _position(place),
                "above": _above(place),
                "parts": table(PARTS, parts[:SHOWN], address=Place.get_absolute_url) if parts else "",
                "there": table(THERE, there[:SHOWN], address=Organization.get_absolute_url) if there else "",
                "more": max(len(parts), len(there)) > SHOWN,
                "transitions": place.transitions_for(self.actor),
                "timeline": timeline.entries_of([place]),
            }
        )


def _above(place: Place) -> SafeString | str:
    """The place above, linked."""
    if place.parent is None:
        return ""
    return format_html('<a href="{}">{}</a>', place.parent.get_absolute_url(), place.parent)
