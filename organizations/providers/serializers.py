"""Providers in the API."""

from foundation.api.base import LifecycleSerializer
from organizations.bodies.serializers import OrganizationSerializer
from organizations.providers.models import Provider


class ProviderSerializer(LifecycleSerializer):
    """A provider with its standing and last score."""

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
