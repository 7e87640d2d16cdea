"""The API of editions with their items and headings, and of the items in force on a day."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.editions.models import Edition
from catalog.items import editing
from catalog.items.forms import NameHeading
from catalog.items.item_form import ItemForm, World, as_given
from catalog.items.models import Heading, Item
from catalog.items.serializers import (
    DayItemSerializer,
    EditionSerializer,
    HeadingBody,
    HeadingSerializer,
    ItemBody,
    ItemSerializer,
)
from catalog.public import publication
from catalog.public.filters import ItemFilter, names_asked
from foundation import moments
from foundation.api.base import Endpoint, read_form, resource
from foundation.api.bodies import object_in
from foundation.api.defaults import unknown_filters
from foundation.forms.fields import CodeField, DayField
from foundation.permissions import SIGNED_IN, access
from foundation.refusals import Invalid
from foundation.roles import Role
from foundation.ui.views import find_visible

GONE = OpenApiResponse(description="")


class Items(Endpoint):
    """The items of an edition, filtered; POST adds one to a draft."""

    access = access(GET=SIGNED_IN, POST=(Role.CIVIL_AFFAIRS,))

    @extend_schema(
        responses=ItemSerializer(many=True),
        parameters=[OpenApiParameter(name, str) for name in names_asked()],
        operation_id="edition_items",
    )
    def get(self, request: Request, pk: int) -> Response:
        edition = find_visible(Edition, self.actor, pk=pk)
        unknown_filters(request, names_asked())
        found = ItemFilter(request.query_params, queryset=edition.items.all())
        if not found.form.is_valid():
            faults = {name: " ".join(map(str, words)) for name, words in found.form.errors.items()}
            raise Invalid(_("筛选条件有误。"), fields=faults)
        rows = found.qs.select_related("body").defer("search")
        return Response(ItemSerializer(rows, many=True).data)

    @extend_schema(request=ItemBody, responses={201: ItemSerializer}, operation_id="edition_item_add")
    def post(self, request: Request, pk: int) -> Response:
        edition = find_visible(Edition, self.actor, pk=pk)
        form = read_form(ItemForm, request, actor=self.actor)
        item = editing.add(edition, by=self.actor, **form.given())
        return Response(ItemSerializer(item).data, status=201)


class OneItem(Endpoint):
    """One item of an edition; PATCH changes the fields sent, in a draft only."""

    access = access(GET=SIGNED_IN, PATCH=(Role.CIVIL_AFFAIRS,), DELETE=(Role.CIVIL_AFFAIRS,))

    def _item(self, pk: int, code: str) -> Item:
        item = find_visible(Edition, self.actor, pk=pk).items.coded(code)
        if item is None:
            raise Http404
        return item

    @extend_schema(responses=ItemSerializer, operation_id="edition_item")
    def get(self, request: Request, pk: int, code: str) -> Response:
        return Response(ItemSerializer(self._item(pk, code)).data)

    @extend_schema(request=ItemBody, responses=ItemSerializer, operation_id="edition_item_change")
    def patch(self, request: Request, pk: int, code: str) -> Response:
        item = self._item(pk, code)
        world = World.now()
        base = as_given(item, world.percent)
        form = read_form(ItemForm, request, base=base, actor=self.actor, obj=item, world=world)
        changed = editing.change(item, by=self.actor, **form.given())
        return Response(ItemSerializer(changed).data)

    @extend_schema(request=None, responses={204: GONE}, operation_id="edition_item_remove")
    def delete(self, request: Request, pk: int, code: str) -> Response:
        editing.remove(self._item(pk, code), by=self.actor)
        return Response(status=204)


class Headings(Endpoint):
    """The groups and classes of an edition; POST names one of a draft."""

    access = access(GET=SIGNED_IN, POST=(Role.CIVIL_AFFAIRS,))

    @extend_schema(responses=HeadingSerializer(many=True), operation_id="edition_headings")
    def get(self, request: Request, pk: int) -> Response:
        edition = find_visible(Edition, self.actor, pk=pk)
        return Response(HeadingSerializer(edition.headings.all(), many=True).data)

    @extend_schema(
        request=HeadingBody, responses={201: HeadingSerializer}, operation_id="edition_heading_name"
    )
    def post(self, request: Request, pk: int) -> Response:
        edition = find_visible(Edition, self.actor, pk=pk)
        code = CodeField(required=False).clean(str(object_in(request).get("code", "")))
        old = edition.headings.filter(code=code).first()
        base = {"name_en": old.name_en} if old else None
        form = read_form(NameHeading, request, base=base, actor=self.actor)
        heading = editing.name_heading(edition, by=self.actor, **form.given())
        return Response(HeadingSerializer(heading).data, status=201)


class OneHeading(Endpoint):
    """One heading of an edition."""

    access = access(GET=SIGNED_IN, DELETE=(Role.CIVIL_AFFAIRS,))

    def _heading(self, pk: int, code: str) -> Heading:
        found = find_visible(Edition, self.actor, pk=pk).headings.filter(code=code).first()
        if found is None:
            raise Http404
        return found

    @extend_schema(responses=HeadingSerializer, operation_id="edition_heading")
    def get(self, request: Request, pk: int, code: str) -> Response:
        return Response(HeadingSerializer(self._heading(pk, code)).data)

    @extend_schema(request=None, responses={204: GONE}, operation_id="edition_heading_remove")
    def delete(self, request: Request, pk: int, code: str) -> Response:
        editing.remove_heading(self._heading(pk, code), by=self.actor)
        return Response(status=204)


class ItemsOn(Endpoint):
    """The items in force on a day (``on``), by default today."""

    access = access(GET=SIGNED_IN)

    @extend_schema(
        responses=DayItemSerializer(many=True),
        parameters=[OpenApiParameter("on", date)],
        operation_id="items_in_force_on",
    )
    def get(self, request: Request) -> Response:
        unknown_filters(request, ("on",))
        asked = request.query_params.get("on", "")
        try:
            day = DayField(required=False).clean(asked) or moments.today()
        except ValidationError as fault:
            raise Invalid(_("日期有误。"), fields={"on": " ".join(fault.messages)}) from fault
        return Response(DayItemSerializer(publication.in_force_on(day), many=True).data)


urlpatterns = [
    *resource("editions", EditionSerializer, filters=("status",), many=("terms",)),
    path("editions/<int:pk>/items", Items.as_view(), name="api-items"),
    path("editions/<int:pk>/items/<str:code>", OneItem.as_view(), name="api-item"),
    path("editions/<int:pk>/headings", Headings.as_view(), name="api-headings"),
    path("editions/<int:pk>/headings/<str:code>", OneHeading.as_view(), name="api-heading"),
    path("items/in-force", ItemsOn.as_view(), name="api-items-on"),
]
