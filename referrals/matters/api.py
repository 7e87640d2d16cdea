"""API routes of matters."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import OPENS_MATTERS
from referrals.matters.serializers import MatterSerializer

urlpatterns = [
    *resource(
        "matters",
        MatterSerializer,
        filters=("status", "urgent", "channel", "external_number"),
        lookup="number",
        joins=("household", "town"),
        many=("needs",),
        declared=access(GET=OPENS_MATTERS),
    )
]
