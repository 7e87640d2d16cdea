"""Dispensations in the API."""

from foundation.api.base import LifecycleSerializer
from organizations.dispensations.models import Dispensation


class DispensationSerializer(LifecycleSerializer):
    """A role that a person is allowed beside another."""

    class Meta:
        model = Dispensation
        fields = ("user", "role", "organization", "place", "other", "valid_from", "valid_to", "why")
