"""Bodies of the API as the schema describes them, made from the forms that read them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.forms import uploads
from foundation.forms.actions import ActionForm
from foundation.forms.fields import ObjectsField
from foundation.lifecycle.table import Start, Transition


@extend_schema_field(OpenApiTypes.BINARY)
class _File(serializers.FileField):
    """A file, sent as part of a multipart body."""


#: The serializer field that describes a form field; the nearest ancestor of its class counts.
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
    ObjectsField: serializers.DictField,
    uploads.UploadsField: _File,
}


def serializer_for(
    form_class: type[ActionForm], row: Transition | Start | None, name: str
) -> type[serializers.Serializer]:
    """The serializer that describes an action's body in the schema, made from the form that reads it."""
    shown = {
        key: _described(key, field, not form_class.changes) for key, field in form_class.base_fields.items()
    }
    if isinstance(row, Transition) and row.reason:
        shown["reason"] = serializers.CharField(help_text=_("理由"))
    return type(f"{name}Body", (serializers.Serializer,), shown)


def _described(key: str, field: forms.Field, required: bool) -> serializers.Field:
    """The serializer field for one form field, with label, limits and whether it is required."""
    about: dict[str, Any] = {"required": required and field.required, "help_text": str(field.label or key)}
    kinds = type(field).__mro__
    if many := next((_LISTS[kind] for kind in kinds if kind in _LISTS), None):
        return serializers.ListField(child=many(), **about)
    kind = next(_FIELDS[kind] for kind in kinds if kind in _FIELDS)
    if isinstance(field, forms.ModelChoiceField) and not field.to_field_name:
        kind = serializers.IntegerField
    if kind is serializers.DecimalField and isinstance(field, forms.DecimalField):
        about |= {"max_digits": field.max_digits or 12, "decimal_places": field.decimal_places}
    longest = getattr(field, "max_length", None)
    if kind is serializers.CharField and longest:
        about["max_length"] = longest
    return kind(**about)
