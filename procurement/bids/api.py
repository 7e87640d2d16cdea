"""The API of bids."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import Role
from procurement.bids.serializers import BidSerializer
from procurement.permissions import BUYING

BIDS = access(GET=(*BUYING, Role.COORDINATOR, Role.EVALUATOR))


urlpatterns = [
    *resource(
        "bids",
        BidSerializer,
        filters=("status", "project"),
        joins=("project", "provider"),
        many=("lines",),
        declared=BIDS,
    )
]
