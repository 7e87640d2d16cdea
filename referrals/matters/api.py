"""API routes of matters."""

from foundation.api.base import resource
from referrals.matters.serializers import MatterSerializer

urlpatterns = [
    *resource(
        "matters",
        MatterSerializer,
        filters=("status", "urgent", "channel", "external_number"),
        lookup="number",
        joins=("household", "town"),
    )
]
