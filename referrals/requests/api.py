"""API routes of requests for offers."""

from foundation.api.base import resource
from referrals.requests.serializers import RequestForOffersSerializer

urlpatterns = [
    *resource("calls", RequestForOffersSerializer, filters=("status", "mode"), joins=("need__matter",))
]
