"""API serializer of matters."""

from __future__ import annotations

from types import MappingProxyType

from django.db.models import QuerySet
from rest_framework import serializers

from foundation.api.base import LifecycleSerializer, by_number
from foundation.api.lists import Parts
from foundation.roles import Actor
from foundation.ui.views import visible
from referrals.matters.models import Matter
from referrals.needs.models import Need
from referrals.needs.serializers import NeedSerializer


def _needs_seen(matter: Matter, reader: Actor) -> QuerySet[Need]:
    """The needs that the reader sees: who stayed sees no own need of somebody who has left."""
    found: QuerySet[Need] = visible(Need, reader).filter(matter=matter).select_related("matter__household")
    return found


class MatterSerializer(LifecycleSerializer):
    """A matter; whoever reported it from outside sees only number and state."""

    ALONE = MappingProxyType({"told": []})

    household = by_number()
    needs = Parts(NeedSerializer(), elsewhere=True, rows=_needs_seen)
    told = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Of the 40 needs answered last, that they were. Empty in a list.",
    )

    class Meta:
        model = Matter
        fields = (
            "number",
            "household",
            "town",
            "channel",
            "external_number",
            "urgent",
            "harm",
            "papers_later",
            "papers_missing",
            "story",
            "needs",
            "told",
            "first_asked_name",
            "created_at",
        )
