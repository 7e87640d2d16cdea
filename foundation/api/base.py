"""The base of the API: declared access, cursor paging, moves as sub-resources."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.db import models
from django.http import QueryDict
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import exceptions, generics, permissions, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from foundation.api import bodies
from foundation.forms import fields as forms_fields
from foundation.forms import uploads
from foundation.forms.actions import ActionForm, form_of
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.permissions import SIGNED_IN, Access, ActorRequest, access
from foundation.personal_data.disclosing import delicate, shown
from foundation.personal_data.fields import SealedTextField
from foundation.refusals import Invalid
from foundation.roles import Actor, Role
from foundation.ui.views import find_visible, transition_access, visible

#: The header of an act that may be sent again: it is done once.
SAFE_TO_REPEAT = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER)


class NotCompared(exceptions.APIException):
    """Done only if unchanged (``If-Match``): no version is given out that could be compared."""

    status_code = 412
    default_code = "precondition_failed"
    default_detail = gettext_lazy("这里不比较版本，带 If-Match 的请求没有办理。")


class Endpoint(APIView):
    """An address of the API."""

    access: ClassVar[Access]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who may ask; and nothing is done on a condition that we do not compare."""
        super().initial(request, *args, **kwargs)
        asked = request.headers.get("If-Match", "*").strip()
        if asked != "*" and request.method not in permissions.SAFE_METHODS:
            raise NotCompared

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return asking(self.request)

    @property
    def key(self) -> str:
        """What makes a repeated call safe; raises ``Invalid`` for one that cannot be kept whole."""
        return bodies.key_of(self.request)


def asking(request: Request) -> Actor:
    """Who asks; None where a public address is asked by nobody who is signed in."""
    return cast(Actor, cast(ActorRequest, request._request).actor)


class DisclosedSerializer(serializers.ModelSerializer):
    """An object whose texts about people are told as it says (``discloses``), as on its page."""

    serializer_field_mapping: ClassVar = {
        **serializers.ModelSerializer.serializer_field_mapping,
        SealedTextField: serializers.CharField,
    }

    def to_representation(self, instance: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(instance)
        reader = asking(self.context["request"])
        among_many = isinstance(self.root, serializers.ListSerializer)
        for name in delicate(type(instance)):
            if name in told:
                told[name] = shown(instance, name, reader, among_many=among_many)
        return told


def by_number(*, many: bool = False) -> Any:
    """Another object (or several), told by its number."""
    return serializers.SlugRelatedField("number", many=many, read_only=True)


class LifecycleSerializer(DisclosedSerializer):
    """An object with its state in words and the moves open to who asks."""

    #: What every object shows before and behind its own fields (``Meta.fields``).
    BEFORE: ClassVar[tuple[str, ...]] = ("id",)
    BEHIND: ClassVar[tuple[str, ...]] = ("status", "status_label", "moves")

    status_label = serializers.CharField(read_only=True)
    moves = serializers.SerializerMethodField()

    def get_field_names(self, declared_fields: Any, info: Any) -> list[str]:
        """The key, the object's own fields, and the state."""
        return [*self.BEFORE, *super().get_field_names(declared_fields, info), *self.BEHIND]

    def get_moves(self, obj: Any) -> list[str]:
        """Names of the moves that the asking person may make now."""
        return [each.name for each in obj.transitions_for(asking(self.context["request"]))]


class ListEndpoint(Endpoint, generics.ListAPIView):
    """What this person may see of one kind, filtered."""

    access = access(GET=SIGNED_IN)
    model: type[models.Model]
    joins: tuple[str, ...] = ()
    many: tuple[str | models.Prefetch, ...] = ()
    filterset_fields: tuple[str, ...] = ()

    def get_queryset(self) -> models.QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        unknown_filters(self.request, self.filterset_fields)
        found = visible(self.model, self.actor)
        return found.select_related(*self.joins).prefetch_related(*self.many)


class DetailEndpoint(Endpoint, generics.RetrieveAPIView):
    """One object, if this person may see it."""

    access = access(GET=SIGNED_IN)
    model: type[models.Model]
    joins: tuple[str, ...] = ()

    def get_object(self) -> Any:
        lookup = {self.lookup_field: self.kwargs[self.lookup_field]}
        return find_visible(self.model, self.actor, **lookup)


def read_form(
    form_class: type[ActionForm], request: Request, *, base: dict[str, Any] | None = None, **arguments: Any
) -> ActionForm:
    """The act's form filled from a JSON body, or from one sent as a form.

    ``base`` holds the values that the body need not repeat; of a form that changes what the
    object has (``Input.changes``), these are the object's own. Null takes a value away. Raises
    ``Invalid`` with every field's fault: unknown names, other types, what the form refuses.
    """
    data = bodies.object_in(request)
    if base is None and form_class.changes:
        base = _held(form_class, data, arguments)
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
    """Names of what the form shows and nobody changes, sent with another value than it has."""
    return [
        name
        for name, field in form.fields.items()
        if field.disabled and name in data and str(data[name]) != str(form.get_initial_for_field(field, name))
    ]


def _given(data: dict[str, Any], missing: dict[str, Any]) -> dict[str, Any]:
    """What was sent and what need not be repeated; null is nothing."""
    if not isinstance(data, QueryDict):
        return {**missing, **{name: each for name, each in data.items() if each is not None}}
    given = data.copy()
    for name, value in missing.items():
        given.setlist(name, value if isinstance(value, list) else [value])
    return given


def _held(form_class: type[ActionForm], data: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
    """What the page of the form would show at first, by field, as far as there is something."""
    first = form_class(initial=dict(data), **arguments)
    shown = {name: first.get_initial_for_field(each, name) for name, each in first.fields.items()}
    return {name: value for name, value in shown.items() if value is not None}


class TransitionEndpoint(Endpoint):
    """``POST /<resource>/{id}/<move>`` calls the action of that row.

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
    """List, detail, starts and moves of one model, made from its lifecycle table."""
    model = serializer.Meta.model
    lifecycle: Lifecycle | None = getattr(model, "lifecycle", None)
    converter = "int" if lookup == "pk" else "str"
    base: dict[str, Any] = {"serializer_class": serializer, "model": model, "joins": joins, "many": many}
    if declared:
        base["access"] = declared
    kind = model.__name__
    listing = _endpoint(f"{kind}List", ListEndpoint, filterset_fields=filters, **base)
    detail = _endpoint(f"{kind}Detail", DetailEndpoint, lookup_field=lookup, **base)
    item = f"{prefix}/<{converter}:{lookup}>"
    patterns = [
        path(prefix, listing.as_view(), name=f"api-{prefix}"),
        path(item, detail.as_view(), name=f"api-{prefix}-detail"),
    ]
    if lifecycle is None:
        return patterns
    for row in lifecycle.rows:
        started = isinstance(row, Start)
        if not row.roles - {Role.SYSTEM} or (started and row.name not in lifecycle.action_forms):
            continue
        kind_of_act = StartEndpoint if started else TransitionEndpoint
        view = _acting(kind_of_act, f"{kind}_{row.name}", lifecycle, row, serializer, lookup)
        if started:  # before the detail, whose address it would else match
            named = path(f"{prefix}/{row.name}", view, name=f"api-{prefix}-new-{row.name}")
            patterns.insert(1, named)
        else:
            patterns.append(path(f"{item}/{row.name}", view, name=f"api-{prefix}-{row.name}"))
    return patterns


def _endpoint(name: str, base: type[Endpoint], **given: Any) -> type[Endpoint]:
    """An address of its own class, so that its name and description are its own."""
    return cast(type[Endpoint], type(name, (base,), given))


def _acting(
    base: type[Endpoint],
    name: str,
    lifecycle: Lifecycle,
    row: Transition | Start,
    serializer: type[serializers.ModelSerializer],
    lookup: str,
) -> Any:
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
    """An act that takes files is sent as a form, or without files as JSON."""
    if any(isinstance(field, forms.FileField) for field in form_class.base_fields.values()):
        return {"parser_classes": [bodies.JSONParser, MultiPartParser]}
    return {}


@extend_schema_field(OpenApiTypes.BINARY)
class _File(serializers.FileField):
    """A file as it is sent."""


#: How a program sends what a field takes; the nearest ancestor of a field's class counts.
_FIELDS: dict[type, type[serializers.Field]] = {
    forms.DateField: serializers.DateField,
    forms.TimeField: serializers.CharField,
    forms.DateTimeField: serializers.DateTimeField,
    forms.BooleanField: serializers.BooleanField,
    forms.IntegerField: serializers.IntegerField,
    forms.DecimalField: serializers.DecimalField,
    forms.FileField: _File,
    forms.JSONField: serializers.JSONField,
    forms.Field: serializers.CharField,
}
_LISTS: dict[type, type[serializers.Field]] = {
    forms.ModelMultipleChoiceField: serializers.CharField,
    forms.MultipleChoiceField: serializers.CharField,
    forms_fields.ObjectsField: serializers.DictField,
    uploads.UploadsField: _File,
}


def serializer_for(
    form_class: type[ActionForm], row: Transition | Start | None, name: str
) -> type[serializers.Serializer]:
    """The body of an act, described for the schema from the form that reads it."""
    shown = {
        key: _described(key, field, not form_class.changes) for key, field in form_class.base_fields.items()
    }
    if isinstance(row, Transition) and row.reason:
        shown["reason"] = serializers.CharField(help_text=_("理由"))
    return type(f"{name}Body", (serializers.Serializer,), shown)


def _described(key: str, field: forms.Field, required: bool) -> serializers.Field:
    about: dict[str, Any] = {"required": required and field.required, "help_text": str(field.label or key)}
    kinds = type(field).__mro__
    if many := next((_LISTS[each] for each in kinds if each in _LISTS), None):
        return serializers.ListField(child=many(), **about)
    kind = next(_FIELDS[each] for each in kinds if each in _FIELDS)
    if isinstance(field, forms.ModelChoiceField) and not field.to_field_name:
        kind = serializers.IntegerField
    if kind is serializers.DecimalField and isinstance(field, forms.DecimalField):
        about |= {"max_digits": field.max_digits or 12, "decimal_places": field.decimal_places}
    longest = getattr(field, "max_length", None)
    if kind is serializers.CharField and longest:
        about["max_length"] = longest
    return kind(**about)


def unknown_filters(request: Request, known: tuple[str, ...]) -> None:
    """Refuse filters that the address does not know, instead of ignoring them."""
    allowed = {*known, "cursor", "page_size", "format"}
    unknown = set(request.query_params) - allowed
    if unknown:
        raise exceptions.ValidationError({name: [_("没有这个筛选条件。")] for name in unknown})
