"""What lists of the API leave out: fields that may be large are told of one object alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from django.db import models
from rest_framework import serializers


class BriefInLists(serializers.ModelSerializer):
    """A serializer whose large fields are neither read nor told in a list."""

    #: The fields that are told of one object alone, each with what stands there in a list.
    ALONE: ClassVar[Mapping[str, Any]] = MappingProxyType({})

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        return {name: field for name, field in fields.items() if not (self.among_many and name in self.ALONE)}

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return {**shown, **self.ALONE} if self.among_many else shown

    @property
    def among_many(self) -> bool:
        """Whether it tells an object of a list."""
        return isinstance(self.root, serializers.ListSerializer)


def left_out(serializer: Any, model: type[models.Model]) -> list[str]:
    """The columns that a list with this serializer does not tell."""
    columns = {field.name for field in model._meta.concrete_fields}
    return [name for name in getattr(serializer, "ALONE", ()) if name in columns]
