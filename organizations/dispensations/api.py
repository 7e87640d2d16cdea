"""API of dispensations."""

from foundation.api.base import resource
from organizations.dispensations.serializers import DispensationSerializer

urlpatterns = [
    *resource(
        "dispensations",
        DispensationSerializer,
        filters=("status", "user", "role"),
        joins=("user", "organization", "place"),
    )
]
