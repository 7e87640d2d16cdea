"""API routes of hand-overs."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import WINDOW_AND_OVERSEERS
from referrals.handovers.serializers import HandoverSerializer

urlpatterns = [
    *resource(
        "handovers",
        HandoverSerializer,
        filters=("status",),
        joins=("matter",),
        declared=access(GET=WINDOW_AND_OVERSEERS),
    )
]
