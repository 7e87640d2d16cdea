"""API serializers of needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from rest_framework import serializers

from foundation.api.base import LifecycleSerializer, by_number
from foundation.personal_data.disclosing import Telling
from foundation.roles import Actor
from referrals.needs.models import Need


def actor_of(serializer: serializers.BaseSerializer) -> Actor | None:
    """The actor of the request that a serializer answers; None without a request."""
    request: HttpRequest | None = serializer.context.get("request")
    return getattr(getattr(request, "_request", request), "actor", None)


class NeedSerializer(LifecycleSerializer):
    matter = by_number()

    class Meta:
        model = Need
        fields = (
            "matter",
            "kind",
            "text",
            "urgent",
            "person",
            "worker_sex",
            "follows",
            "why_proposed",
            "body",
            "result",
            "granted",
        )

    def to_representation(self, instance: Need) -> dict[str, Any]:
        told = super().to_representation(instance)
        actor = actor_of(self)
        if actor is None or instance.discloses("result", actor) is Telling.NEVER:
            told["granted"] = None  # the amount would disclose the need
        return told


class FindingSerializer(serializers.Serializer):
    key = serializers.CharField()
    kind = serializers.CharField()
    words = serializers.CharField()
    rule = serializers.CharField()
    version = serializers.IntegerField()
    stands = serializers.BooleanField()
    reason = serializers.CharField(source="why")


class ResponsibleSerializer(serializers.Serializer):
    """A body in charge of a kind of need."""

    id = serializers.IntegerField(source="pk")
    organization = serializers.IntegerField(source="organization_id")
    name = serializers.CharField(source="organization.name")
    text = serializers.CharField()
    basis = serializers.CharField()


class ServiceSerializer(serializers.Serializer):
    """An item of the catalog that answers a kind of need; ``served`` if a provider offers it."""

    code = serializers.CharField(source="item.code")
    name = serializers.CharField(source="item.local_name")
    served = serializers.BooleanField()


class RoutingSerializer(serializers.Serializer):
    """Where a kind of need goes; ``nobody`` if no body is in charge and no published item answers it."""

    kind = serializers.CharField()
    name = serializers.CharField()
    responsibilities = ResponsibleSerializer(many=True)
    services = ServiceSerializer(many=True)
    way = serializers.CharField(source="route.way")
    words = serializers.CharField(source="where_to")
    nobody = serializers.BooleanField()


class GapSerializer(serializers.Serializer):
    household = serializers.CharField(source="household.number")
    kind = serializers.CharField()
    words = serializers.CharField()
    need = serializers.IntegerField(source="need.pk", default=None)
