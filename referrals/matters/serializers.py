"""API serializer of matters."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer, by_number
from foundation.roles import REPORTS_FROM_OUTSIDE
from referrals.matters.models import Matter
from referrals.needs.models import Need
from referrals.needs.serializers import NeedSerializer, actor_of
from referrals.permissions import TOLD_OF_ANSWERS, around_the_home


class MatterSerializer(LifecycleSerializer):
    """A matter; whoever reported it from outside sees only number and state."""

    SEEN_BY_REPORTERS = ("number", "channel", "external_number", "urgent", "created_at")

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
        """Without the needs of somebody who has left the household, for those who stayed."""
        shown = super().to_representation(matter)
        actor = actor_of(self)
        own = [need for need in shown.get("needs", ()) if need["person"]]
        if own and actor and any(party.admits(actor, matter) for party in around_the_home):
            visible = set(Need.objects.visible_to(actor).filter(matter=matter).values_list("pk", flat=True))
            shown["needs"] = [need for need in shown["needs"] if need["id"] in visible]
        return shown

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        actor = actor_of(self)
        if actor and actor.role in REPORTS_FROM_OUTSIDE:
            more = ("told",) if actor.role in TOLD_OF_ANSWERS else ()
            seen = (*self.BEFORE, *self.SEEN_BY_REPORTERS, *self.BEHIND, *more)
            return {name: fields[name] for name in seen}
        return fields
