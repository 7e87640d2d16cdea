"""API routes of requests for offers."""

from foundation.api.base import resource
from foundation.permissions import access
from referrals.permissions import WATCHERS
from referrals.requests.serializers import RequestForOffersSerializer

urlpatterns = [
    *resource(
        "calls",
        RequestForOffersSerializer,
        filters=("status", "mode"),
        joins=("need__matter",),
        declared=access(GET=WATCHERS),
    )
]
