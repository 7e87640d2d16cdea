"""API serializer of matters."""

from __future__ import annotations

import functools
from typing import Any

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer, asking, by_number
from foundation.api.nesting import objects_of
from foundation.ui.views import visible
from referrals.matters.models import Matter
from referrals.needs.models import Need
from referrals.needs.serializers import NeedSerializer


class MatterSerializer(LifecycleSerializer):
    """A matter; whoever reported it from outside sees only number and state."""

    household = by_number()
    needs = NeedSerializer(many=True)
    told = serializers.ListField(child=serializers.CharField(), read_only=True)

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

    def to_representation(self, matter: Matter) -> dict[str, Any]:
        """With the needs that the reader sees: who stayed sees no own need of somebody who has left."""
        shown = super().to_representation(matter)
        if "needs" in shown:
            shown["needs"] = [need for need in shown["needs"] if need["id"] in self._needs_seen]
        return shown

    @functools.cached_property
    def _needs_seen(self) -> set[int]:
        """The keys of the needs that the reader sees, of all matters of the page."""
        seen = visible(Need, asking(self.context["request"])).filter(matter__in=objects_of(self))
        return set(seen.values_list("pk", flat=True))
