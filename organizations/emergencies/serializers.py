"""Emergency access in the API."""

from foundation.api.base import LifecycleSerializer
from organizations.emergencies.models import EmergencyAccess


class EmergencyAccessSerializer(LifecycleSerializer):
    """A role that a person is given for a short time."""

    class Meta:
        model = EmergencyAccess
        fields = ("user", "role", "organization", "place", "why", "opened_at", "until")
