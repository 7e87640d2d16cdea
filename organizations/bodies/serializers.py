"""Organizations in the API."""

from rest_framework import serializers

from organizations.bodies.models import Organization


class OrganizationSerializer(serializers.ModelSerializer):
    """An organization."""

    class Meta:
        model = Organization
        fields = ("id", "kind", "code", "name", "name_en", "credit_code", "place", "phone", "address")
