"""API routes of hand-overs."""

from foundation.api.base import resource
from foundation.permissions import access
from referrals.handovers.serializers import HandoverSerializer
from referrals.permissions import WATCHERS

urlpatterns = [
    *resource(
        "handovers", HandoverSerializer, filters=("status",), joins=("matter",), declared=access(GET=WATCHERS)
    )
]
