"""Organizations in the API."""

from __future__ import annotations

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer
from foundation.api.lists import Parts
from organizations.bodies.models import Organization, OrganizationName


class OrganizationNameSerializer(serializers.ModelSerializer):
    """A name that an organization had between two days."""

    class Meta:
        model = OrganizationName
        fields = ("id", "name", "valid_from", "valid_to")


class OrganizationSerializer(LifecycleSerializer):
    """An organization; ``hours`` are its opening times by day of the week (1 is Monday)."""

    names = Parts(OrganizationNameSerializer(), in_turn=True)

    class Meta:
        model = Organization
        fields = (
            "kind",
            "code",
            "name",
            "name_en",
            "names",
            "credit_code",
            "place",
            "phone",
            "address",
            "hours",
            "may_buy",
            "may_supply",
        )
