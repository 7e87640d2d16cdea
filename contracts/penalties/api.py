"""The API of penalties."""

from contracts.penalties.serializers import PenaltySerializer
from foundation.api.base import resource

urlpatterns = [
    *resource(
        "penalties",
        PenaltySerializer,
        filters=("status", "contract"),
        joins=("contract__provider__organization",),
    )
]
