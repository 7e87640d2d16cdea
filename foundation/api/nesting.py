"""Which objects an answer of the API holds, however deep their serializer is nested."""

from __future__ import annotations

from typing import Any

from django.db import models
from rest_framework import serializers


def objects_of(serializer: Any) -> list[Any]:
    """All objects that a serializer, or one nested in it, is asked for in this answer."""
    given, parent = serializer.instance, serializer.parent
    if given is not None:
        return _several(given)
    if parent is None:
        return []
    if isinstance(parent, serializers.ListSerializer):
        return objects_of(parent)
    return [found for obj in objects_of(parent) for found in _several(getattr(obj, serializer.source, None))]


def _several(value: Any) -> list[Any]:
    """One object, several or none as a list."""
    if isinstance(value, models.Manager):
        return list(value.all())
    if isinstance(value, list | tuple | models.QuerySet):
        return list(value)
    return [] if value is None else [value]
