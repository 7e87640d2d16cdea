from django.urls import path
from rest_framework import serializers

from foundation.api.base import ListEndpoint, LivedSerializer, resource
from organizations.models import Duty, Organization, Place, Provider


class PlaceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Place
        fields = ("id", "code", "name", "name_en", "kind", "parent", "zone", "latitude", "longitude")


class OrganizationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Organization
        fields = ("id", "kind", "code", "name", "name_en", "credit_code", "place", "phone", "address")


class ProviderSerializer(LivedSerializer):
    organization = OrganizationSerializer()

    class Meta:
        model = Provider
        fields = (
            "organization",
            "nature",
            "social_grade",
            "serves",
            "accredited_until",
            "standing_reason",
            "exited_until",
            "last_score",
            "last_grade",
        )


class DutySerializer(LivedSerializer):
    class Meta:
        model = Duty
        fields = ("organization", "need_kind", "text", "basis", "valid_from", "valid_to")


class Places(ListEndpoint):
    """City, zones, towns, streets and villages."""

    serializer_class = PlaceSerializer
    model = Place
    filterset_fields = ("kind", "parent", "zone")


class Organizations(ListEndpoint):
    """Bodies, windows, providers, committees and agencies."""

    serializer_class = OrganizationSerializer
    model = Organization
    filterset_fields = ("kind", "place")


urlpatterns = [
    path("places", Places.as_view(), name="api-places"),
    path("organizations", Organizations.as_view(), name="api-organizations"),
    *resource("duties", DutySerializer, filters=("organization", "need_kind", "status")),
    *resource(
        "providers",
        ProviderSerializer,
        filters=("status", "nature"),
        joins=("organization",),
        many=("serves",),
    ),
]
