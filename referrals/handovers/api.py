"""API routes of hand-overs."""

from foundation.api.base import resource
from referrals.handovers.serializers import HandoverSerializer

urlpatterns = [*resource("handovers", HandoverSerializer, filters=("status",), joins=("matter",))]
