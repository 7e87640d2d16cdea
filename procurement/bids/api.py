"""The API of bids."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import READS_BIDS
from procurement.bids.serializers import BidSerializer

urlpatterns = [
    *resource(
        "bids",
        BidSerializer,
        filters=("status", "project"),
        joins=("project", "provider"),
        many=("lines",),
        declared=access(GET=READS_BIDS),
    )
]
