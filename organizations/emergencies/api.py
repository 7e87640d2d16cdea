"""API of emergency access."""

from foundation.api.base import resource
from organizations.emergencies.serializers import EmergencyAccessSerializer

urlpatterns = [
    *resource(
        "emergencies",
        EmergencyAccessSerializer,
        filters=("status", "user", "role"),
        joins=("user", "organization", "place"),
    )
]
