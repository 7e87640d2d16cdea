"""What lists of the API leave out: fields that may be large are told of one object alone, parts a page at most."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, cast

from django.db import models
from rest_framework import serializers

from foundation.permissions import ActorRequest
from foundation.roles import Actor

#: Parts that an object tells itself; all of them have an address of their own.
PARTS_TOLD = 40

NEWEST = (
    "The newest 40, newest first; all of them come by cursor at the address of this field below the object. "
    "Empty in a list."
)
FIRST = (
    "The first 40, in turn; all of them come by cursor at the address of this field below the object. "
    "Empty in a list."
)


class Parts(serializers.ListSerializer):
    """Parts of an object, of which it tells a page, newest first or ``in_turn``; a list of objects tells none.

    ``rows`` gives those that a reader sees; without it he sees all of the object. ``elsewhere``: the endpoint of
    their address is written out, since it does more than list them.
    """

    child: Any

    def __init__(
        self,
        child: serializers.ModelSerializer,
        *,
        in_turn: bool = False,
        elsewhere: bool = False,
        rows: Callable[[Any, Actor], models.QuerySet[Any]] | None = None,
    ) -> None:
        super().__init__(child=child, read_only=True, help_text=FIRST if in_turn else NEWEST)
        self.in_turn, self.elsewhere, self.rows = in_turn, elsewhere, rows

    def of(self, whole: Any, reader: Actor) -> models.QuerySet[Any]:
        """All parts of an object that the reader sees, in no order."""
        if self.rows is not None:
            return self.rows(whole, reader)
        found: models.QuerySet[Any] = getattr(whole, self.source or "").all()
        return found

    def get_attribute(self, instance: Any) -> list[Any]:
        """The parts that the object tells; what is nested in them asks for these alone."""
        reader = cast(ActorRequest, self.context["request"]._request).actor
        found = self.of(instance, cast(Actor, reader)).order_by("pk" if self.in_turn else "-pk")
        self.instance = list(found[:PARTS_TOLD])
        return self.instance


class BriefInLists(serializers.ModelSerializer):
    """A serializer whose large fields are neither read nor told in a list."""

    #: The fields that are told of one object alone, each with what stands there in a list; ``Parts`` are as well.
    ALONE: ClassVar[Mapping[str, Any]] = MappingProxyType({})

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        if not self.among_many:
            return fields
        return {name: field for name, field in fields.items() if name not in told_alone(type(self))}

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return {**shown, **told_alone(type(self))} if self.among_many else shown

    @property
    def among_many(self) -> bool:
        """Whether it tells an object of a list."""
        return isinstance(self.root, serializers.ListSerializer)


def parts_of(serializer: Any) -> dict[str, Parts]:
    """The fields of a serializer that are ``Parts``, bound to their names."""
    return {name: field for name, field in serializer().fields.items() if isinstance(field, Parts)}


def told_alone(serializer: Any) -> dict[str, Any]:
    """The fields that a serializer tells of one object alone, each with what stands there in a list."""
    declared = getattr(serializer, "_declared_fields", {})
    parts: dict[str, Any] = {name: [] for name, field in declared.items() if isinstance(field, Parts)}
    return {**parts, **getattr(serializer, "ALONE", {})}


def left_out(serializer: Any, model: type[models.Model]) -> list[str]:
    """The columns that a list with this serializer does not tell."""
    columns = {field.name for field in model._meta.concrete_fields}
    return [name for name in getattr(serializer, "ALONE", ()) if name in columns]
