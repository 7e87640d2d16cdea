"""The API of bids."""

from foundation.api.base import resource
from procurement.bids.serializers import BidSerializer

urlpatterns = [*resource("bids", BidSerializer, filters=("status", "project"), joins=("project", "provider"))]
