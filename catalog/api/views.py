"""What the API adds to the lifecycle's own addresses: items, headings, comparisons."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import comparing, effects, importing, items, offers, publication
from catalog.access import EFFECT_READERS
from catalog.api.serializers import (
    DayItemSerializer,
    DifferenceSerializer,
    EffectSerializer,
    HeadingBody,
    HeadingSerializer,
    ItemBody,
    ItemSerializer,
    PreviewSerializer,
    RenewalSerializer,
)
from catalog.filters import ItemFilter, names_asked
from catalog.inputs import NameHeading
from catalog.item_form import ItemForm, World, as_given
from catalog.models import Edition, Heading, Import, Item, Offer
from foundation import moments
from foundation.access import SIGNED_IN, access
from foundation.api.base import Endpoint, read_form, unknown_filters
from foundation.api.bodies import object_in
from foundation.inputs import CodeField, DayField
from foundation.pages.base import find_visible
from foundation.refusals import Invalid
from foundation.roles import Role

_KEEPERS = (Role.CIVIL_AFFAIRS,)
_GONE = OpenApiResponse(description="")


class Items(Endpoint):
    """The items of an edition, filtered; a new one for a draft."""

    access = access(GET=SIGNED_IN, POST=_KEEPERS)

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
        item = items.add(edition, by=self.actor, **form.given())
        return Response(ItemSerializer(item).data, status=201)


class OneItem(Endpoint):
    """One item of an edition; what is sent of it is changed in a draft."""

    access = access(GET=SIGNED_IN, PATCH=_KEEPERS, DELETE=_KEEPERS)

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
        changed = items.change(item, by=self.actor, **form.given())
        return Response(ItemSerializer(changed).data)

    @extend_schema(request=None, responses={204: _GONE}, operation_id="edition_item_remove")
    def delete(self, request: Request, pk: int, code: str) -> Response:
        items.remove(self._item(pk, code), by=self.actor)
        return Response(status=204)


class Headings(Endpoint):
    """The groups and classes of an edition; a new one for a draft."""

    access = access(GET=SIGNED_IN, POST=_KEEPERS)

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
        heading = items.name_heading(edition, by=self.actor, **form.given())
        return Response(HeadingSerializer(heading).data, status=201)


class OneHeading(Endpoint):
    """One heading of an edition."""

    access = access(GET=SIGNED_IN, DELETE=_KEEPERS)

    def _heading(self, pk: int, code: str) -> Heading:
        found = find_visible(Edition, self.actor, pk=pk).headings.filter(code=code).first()
        if found is None:
            raise Http404
        return found

    @extend_schema(responses=HeadingSerializer, operation_id="edition_heading")
    def get(self, request: Request, pk: int, code: str) -> Response:
        return Response(HeadingSerializer(self._heading(pk, code)).data)

    @extend_schema(request=None, responses={204: _GONE}, operation_id="edition_heading_remove")
    def delete(self, request: Request, pk: int, code: str) -> Response:
        items.remove_heading(self._heading(pk, code), by=self.actor)
        return Response(status=204)


class ShowEffect(Endpoint):
    """What an edition touches, and what its prices cost at last year's volume."""

    access = access(GET=EFFECT_READERS)

    @extend_schema(responses=EffectSerializer, operation_id="edition_effect")
    def get(self, request: Request, pk: int) -> Response:
        effect = effects.of(find_visible(Edition, self.actor, pk=pk))
        return Response(EffectSerializer(effect).data)


class ShowDifference(Endpoint):
    """Two editions against each other, field by field; price changes in percent."""

    access = access(GET=SIGNED_IN)

    @extend_schema(responses=DifferenceSerializer, operation_id="edition_difference")
    def get(self, request: Request, older: int, newer: int) -> Response:
        first = find_visible(Edition, self.actor, pk=older)
        second = find_visible(Edition, self.actor, pk=newer)
        return Response(DifferenceSerializer(comparing.compare(first, second)).data)


class ItemsOn(Endpoint):
    """The items that were the law on a day (``on``), today if none is named."""

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


class ShowPreview(Endpoint):
    """What each row of an uploaded file would do to the draft."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR))

    @extend_schema(responses=PreviewSerializer, operation_id="import_preview")
    def get(self, request: Request, pk: int) -> Response:
        waiting = find_visible(Import, self.actor, pk=pk)
        return Response(PreviewSerializer(importing.preview(waiting)).data)


class ShowRenewal(Endpoint):
    """What the edition in force has changed for an offer; 204 where it changed nothing."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.COORDINATOR, Role.AUDITOR))

    @extend_schema(responses={200: RenewalSerializer, 204: _GONE}, operation_id="offer_renewal_needed")
    def get(self, request: Request, pk: int) -> Response:
        found = offers.to_renew(find_visible(Offer, self.actor, pk=pk))
        return Response(RenewalSerializer(found).data) if found else Response(status=204)
