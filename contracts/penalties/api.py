"""The API of penalties."""

from contracts.penalties.serializers import PenaltySerializer
from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import PROVIDERS_AND_MONEY

urlpatterns = [
    *resource(
        "penalties",
        PenaltySerializer,
        filters=("status", "contract"),
        joins=("contract__provider__organization",),
        declared=access(GET=PROVIDERS_AND_MONEY),
    )
]
