"""API routes of matters."""

from foundation.api.base import resource
from foundation.permissions import access
from referrals.matters.serializers import MatterSerializer
from referrals.matters.views import MATTER_ROLES

urlpatterns = [
    *resource(
        "matters",
        MatterSerializer,
        filters=("status", "urgent", "channel", "external_number"),
        lookup="number",
        joins=("household", "town"),
        many=("needs",),
        declared=access(GET=MATTER_ROLES),
    )
]
