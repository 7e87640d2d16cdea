"""Which objects an answer of the API holds, however deep their serializer is nested."""

from __future__ import annotations

from typing import Any

from django.db import models
from rest_framework import serializers


def objects_of(serializer: Any) -> list[Any]:
    """All objects that a serializer, or one nested in it, is asked for in this answer."""
    given, parent = serializer.instance, serializer.parent
    if given is not None:
        return list(given) if isinstance(given, list | tuple | models.QuerySet) else [given]
    if parent is None or isinstance(parent, serializers.ListSerializer):
        return objects_of(parent) if parent is not None else []
    found: list[Any] = []
    for obj in objects_of(parent):
        value = getattr(obj, serializer.source, None)
        found += value.all() if isinstance(value, models.Manager) else [value] if value is not None else []
    return found
