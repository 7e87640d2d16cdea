"""The API of bids."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import PROVIDERS_MONEY_AND_EXPERTS
from procurement.bids.serializers import BidSerializer

urlpatterns = [
    *resource(
        "bids",
        BidSerializer,
        filters=("status", "project"),
        joins=("project", "provider"),
        many=("lines",),
        declared=access(GET=PROVIDERS_MONEY_AND_EXPERTS),
    )
]
