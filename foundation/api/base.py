"""Base classes of the API: endpoints with declared access, lists by cursor, transitions as sub-resources."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.db import models
from django.http import Http404, QueryDict
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions, generics, permissions, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from foundation.api import bodies
from foundation.api.defaults import InTurn, Paging, unknown_filters
from foundation.api.described import serializer_for
from foundation.api.lists import BriefInLists, Parts, left_out, parts_of
from foundation.api.nesting import objects_of
from foundation.api.parts import within_its_parts
from foundation.forms.actions import ActionForm, form_of
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import those_read
from foundation.permissions import SIGNED_IN, Access, ActorRequest, access, access_to
from foundation.personal_data.disclosing import told
from foundation.personal_data.fields import SealedTextField
from foundation.refusals import Invalid
from foundation.roles import Actor, Role
from foundation.ui.routing import transition_access
from foundation.ui.views import find_visible, visible

#: The header that makes an action safe to send again: it is done once.
SAFE_TO_REPEAT = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER)


class NotCompared(exceptions.APIException):
    """412: the request has ``If-Match``, and no endpoint gives out versions to compare with."""

    status_code = 412
    default_code = "precondition_failed"
    default_detail = gettext_lazy("这里不比较版本，带 If-Match 的请求没有办理。")


class Endpoint(APIView):
    """Base of every endpoint of the API. One that is about the account of whoever asks is never a program's."""

    access: ClassVar[Access]
    about_the_account: ClassVar[bool] = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check access; raises ``NotCompared`` for a change on the condition of ``If-Match``."""
        super().initial(request, *args, **kwargs)
        versions = request.headers.get("If-Match", "*").strip()
        if versions != "*" and request.method not in permissions.SAFE_METHODS:
            raise NotCompared

    @property
    def actor(self) -> Actor:
        """Who sent the request, in which membership."""
        return asking(self.request)

    @property
    def key(self) -> str:
        """The idempotency key of the request; raises ``Invalid`` for one that is too long to be stored."""
        return bodies.key_of(self.request)


def asking(request: Request) -> Actor:
    """The actor of a request; None at a public address for a visitor who is not signed in."""
    return cast(Actor, cast(ActorRequest, request._request).actor)


class DisclosedSerializer(serializers.ModelSerializer):
    """Serializes a model to each reader as its ``read_by`` and, of sensitive texts, its ``discloses`` say."""

    serializer_field_mapping: ClassVar = {
        **serializers.ModelSerializer.serializer_field_mapping,
        SealedTextField: serializers.CharField,
    }

    def to_representation(self, instance: Any) -> dict[str, Any]:
        among_many = isinstance(self.root, serializers.ListSerializer)
        values = super().to_representation(instance)
        return told(instance, values, asking(self.context["request"]), among_many=among_many)


def by_number(*, many: bool = False) -> Any:
    """A related object (or several, with ``many``), given as its number."""
    return serializers.SlugRelatedField("number", many=many, read_only=True)


class LifecycleSerializer(DisclosedSerializer, BriefInLists):
    """An object with the label of its state and the transitions open to the reader."""

    #: Fields that every object has before and after its own (``Meta.fields``).
    BEFORE: ClassVar[tuple[str, ...]] = ("id",)
    BEHIND: ClassVar[tuple[str, ...]] = ("status", "status_label", "moves")

    status_label = serializers.CharField(read_only=True)
    moves = serializers.SerializerMethodField()

    def get_field_names(self, declared_fields: Any, info: Any) -> list[str]:
        """``BEFORE``, the fields of ``Meta``, and ``BEHIND``."""
        return [*self.BEFORE, *super().get_field_names(declared_fields, info), *self.BEHIND]

    def get_moves(self, obj: Any) -> list[str]:
        """Names of the transitions that the reader may make now."""
        found = self._open_to_the_reader.get(obj.pk)
        if found is None:
            found = obj.transitions_for(asking(self.context["request"]))
        return [row.name for row in found]

    @functools.cached_property
    def _open_to_the_reader(self) -> dict[int, list[Transition]]:
        """The transitions that the reader may make now, of all objects of the page, asked at once."""
        objects = objects_of(self)
        model: Any = self.Meta.model
        lifecycle: Lifecycle = model.lifecycle
        return lifecycle.open_to(objects, asking(self.context["request"])) if objects else {}


class ListEndpoint(Endpoint, generics.ListAPIView):
    """The objects of one model that the actor may see, filtered by ``filterset_fields``, and by ``further_filters``, which
    ``seen`` goes by.
    """

    access = access(GET=SIGNED_IN)
    model: type[models.Model]
    joins: tuple[str, ...] = ()
    many: tuple[str | models.Prefetch, ...] = ()
    filterset_fields: tuple[str, ...] = ()
    further_filters: tuple[str, ...] = ()

    def get_queryset(self) -> models.QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        unknown_filters(self.request, (*self.filterset_fields, *self.further_filters))
        found = self.seen().prefetch_related(*self.many).defer(*left_out(self.serializer_class, self.model))
        return found.select_related(*self.joins) if self.joins else found  # without names it joins all

    def seen(self) -> Any:
        """The objects that the actor may see."""
        return within_its_parts(visible(self.model, self.actor), self.actor)

    def as_shown(self, rows: Sequence[Any]) -> Sequence[Any]:
        """What is told of the rows of a page: by default they themselves."""
        return rows

    def paginate_queryset(self, queryset: Any) -> Any:
        return self.as_shown(super().paginate_queryset(queryset) or ())


class DetailEndpoint(Endpoint, generics.RetrieveAPIView):
    """One object that the actor may see; 404 for any other."""

    access = access(GET=SIGNED_IN)
    model: type[models.Model]
    joins: tuple[str, ...] = ()
    many: tuple[str | models.Prefetch, ...] = ()

    def get_object(self) -> Any:
        lookup = {self.lookup_field: self.kwargs[self.lookup_field]}
        rows = self.model._default_manager.select_related(*self.joins or (None,))
        return find_visible(rows.prefetch_related(*self.many), self.actor, **lookup)


class PartsEndpoint(ListEndpoint):
    """All parts of one object that the actor may see, of which the object itself tells only the first page."""

    whole: type[models.Model]
    parts: Parts
    lookup_field = "pk"

    def seen(self) -> Any:
        found = find_visible(self.whole, self.actor, **{self.lookup_field: self.kwargs[self.lookup_field]})
        if not those_read(self.actor, found, [str(self.parts.source)]):
            raise Http404
        return self.parts.of(found, self.actor)


def read_form(
    form_class: type[ActionForm], request: Request, *, base: dict[str, Any] | None = None, **arguments: Any
) -> ActionForm:
    """The form of an action, filled from a JSON body or from form data, and valid.

    ``base`` holds values that the body may leave out; for a form with ``ActionForm.changes`` they
    default to the object's present values. A null empties a field. Raises ``Invalid`` with one
    message a field: unknown names, wrong types, whatever the form refuses.
    """
    data = bodies.object_in(request)
    if base is None and form_class.changes:
        base = _present_values(form_class, data, arguments)
    missing = {name: value for name, value in (base or {}).items() if name not in data}
    given = _given(request.POST if isinstance(data, QueryDict) else data, missing)
    form = form_class(given, request.FILES, **arguments)
    if isinstance(data, QueryDict):
        faults = bodies.files_for_text(form, request.FILES)
    else:
        faults = bodies.faults_of(form, data)
        form.data = {name: value for name, value in given.items() if name not in faults}
    faults |= {name: _("没有这个字段。") for name in set(data) - set(form.fields)}
    faults |= {name: _("这一项不能修改。") for name in _fixed(form, data)}
    if not form.is_valid():
        faults = {name: " ".join(map(str, found)) for name, found in form.errors.items()} | faults
    if faults:
        raise Invalid(_("内容有误，没有保存。"), fields=faults)
    return form


def _fixed(form: ActionForm, data: dict[str, Any]) -> list[str]:
    """Names of disabled fields for which the body sends another value than they have."""
    return [
        name
        for name, field in form.fields.items()
        if field.disabled and name in data and str(data[name]) != str(form.get_initial_for_field(field, name))
    ]


def _given(data: dict[str, Any], missing: dict[str, Any]) -> dict[str, Any]:
    """The body's values with ``missing`` added; fields that are null in JSON are left out."""
    if not isinstance(data, QueryDict):
        return {**missing, **{name: value for name, value in data.items() if value is not None}}
    given = data.copy()
    for name, value in missing.items():
        given.setlist(name, value if isinstance(value, list) else [value])
    return given


def _present_values(
    form_class: type[ActionForm], data: dict[str, Any], arguments: dict[str, Any]
) -> dict[str, Any]:
    """The values that the form would show on its page at first, by field, without those that are None."""
    first = form_class(initial=dict(data), **arguments)
    shown = {name: first.get_initial_for_field(field, name) for name, field in first.fields.items()}
    return {name: value for name, value in shown.items() if value is not None}


class TransitionEndpoint(Endpoint):
    """``POST /<resource>/{id}/<transition>`` calls the action of that row of the table.

    The header ``Idempotency-Key`` makes a repeated call safe.
    """

    lifecycle: Lifecycle
    row: Transition
    lookup_field = "pk"
    serializer_class: type[serializers.Serializer]

    def post(self, request: Request, **kwargs: Any) -> Response:
        obj = find_visible(self.lifecycle.model, self.actor, **{self.lookup_field: kwargs[self.lookup_field]})
        form = read_form(
            form_of(self.lifecycle, self.row.name), request, actor=self.actor, obj=obj, row=self.row
        )
        moved = self.lifecycle.actions[self.row.name](obj, by=self.actor, key=self.key, **form.given())
        return Response(self.serializer_class(moved, context={"request": request}).data)


class StartEndpoint(Endpoint):
    """``POST /<resource>/<start>`` calls the action that makes a new object."""

    lifecycle: Lifecycle
    row: Start
    serializer_class: type[serializers.Serializer]

    def post(self, request: Request) -> Response:
        form = read_form(form_of(self.lifecycle, self.row.name), request, actor=self.actor, row=self.row)
        made = self.lifecycle.actions[self.row.name](by=self.actor, key=self.key, **form.given())
        return Response(self.serializer_class(made, context={"request": request}).data, status=201)


def resource(
    prefix: str,
    serializer: type[serializers.ModelSerializer],
    *,
    filters: tuple[str, ...] = (),
    joins: tuple[str, ...] = (),
    many: tuple[str | models.Prefetch, ...] = (),
    lookup: str = "pk",
    declared: Access | None = None,
) -> list[URLPattern]:
    """The addresses of one model: list, detail, and one for each start and transition of its lifecycle.

    Rows that only the system may use get none, nor do starts without a form. ``filters`` names
    the query parameters of the list, ``joins`` and ``many`` what is selected and prefetched,
    ``lookup`` the field that stands in the address, ``declared`` the access if not that of whoever sees objects.
    """
    model = serializer.Meta.model
    lifecycle: Lifecycle | None = getattr(model, "lifecycle", None)
    converter = "int" if lookup == "pk" else "str"
    base: dict[str, Any] = {"serializer_class": serializer, "model": model, "joins": joins, "many": many}
    if declared or hasattr(model, "seen_by"):
        base["access"] = declared or access_to(model)
    kind = model.__name__
    listing = _endpoint(f"{kind}List", ListEndpoint, filterset_fields=filters, **base)
    detail = _endpoint(f"{kind}Detail", DetailEndpoint, lookup_field=lookup, **base)
    item = f"{prefix}/<{converter}:{lookup}>"
    patterns = [
        path(prefix, listing.as_view(), name=f"api-{prefix}"),
        path(item, detail.as_view(), name=f"api-{prefix}-detail"),
    ]
    for name, parts in parts_of(serializer).items():
        if parts.elsewhere:
            continue
        view = _parts_view(
            f"{kind}{name.title()}", parts, whole=model, lookup_field=lookup, access=detail.access
        )
        patterns.append(path(f"{item}/{name.replace('_', '-')}", view, name=f"api-{prefix}-{name}"))
    if lifecycle is None:
        return patterns
    for row in lifecycle.rows:
        started = isinstance(row, Start)
        if not row.roles - {Role.SYSTEM} or (started and row.name not in lifecycle.action_forms):
            continue
        endpoint = StartEndpoint if started else TransitionEndpoint
        view = _action_view(endpoint, f"{kind}_{row.name}", lifecycle, row, serializer, lookup)
        if started:  # before the detail, whose address it would else match
            named = path(f"{prefix}/{row.name}", view, name=f"api-{prefix}-new-{row.name}")
            patterns.insert(1, named)
        else:
            patterns.append(path(f"{item}/{row.name}", view, name=f"api-{prefix}-{row.name}"))
    return patterns


def _endpoint(name: str, base: type[Endpoint], **given: Any) -> type[Endpoint]:
    """A subclass of its own for each address, so that the schema can name and describe it."""
    return cast(type[Endpoint], type(name, (base,), given))


def _parts_view(name: str, parts: Parts, **given: Any) -> Any:
    """The view of all parts of one field."""
    return _endpoint(
        name,
        PartsEndpoint,
        parts=parts,
        serializer_class=type(parts.child),
        model=parts.child.Meta.model,
        pagination_class=InTurn if parts.in_turn else Paging,
        **given,
    ).as_view()


def _action_view(
    base: type[Endpoint],
    name: str,
    lifecycle: Lifecycle,
    row: Transition | Start,
    serializer: type[serializers.ModelSerializer],
    lookup: str,
) -> Any:
    """The view of one row, with its access, parsers and description in the schema."""
    view = _endpoint(
        name,
        base,
        lifecycle=lifecycle,
        row=row,
        serializer_class=serializer,
        lookup_field=lookup,
        access=access(POST=dict(transition_access(row).methods)["POST"]),
        **_parsers(form_of(lifecycle, row.name)),
    )
    described = extend_schema(
        operation_id=name,
        summary=str(row.label),
        description=f"{row.label} {row.basis}",
        request=serializer_for(form_of(lifecycle, row.name), row, name),
        responses={201 if isinstance(row, Start) else 200: serializer},
        parameters=[SAFE_TO_REPEAT],
    )
    return extend_schema_view(post=described)(view).as_view()


def _parsers(form_class: type[ActionForm]) -> dict[str, Any]:
    """JSON and multipart for a form with files; the defaults otherwise."""
    if any(isinstance(field, forms.FileField) for field in form_class.base_fields.values()):
        return {"parser_classes": [bodies.JSONParser, MultiPartParser]}
    return {}
