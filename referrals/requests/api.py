"""API routes of requests for offers."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import WINDOW_AND_OVERSEERS
from referrals.requests.serializers import RequestForOffersSerializer

urlpatterns = [
    *resource(
        "calls",
        RequestForOffersSerializer,
        filters=("status", "mode"),
        joins=("need__matter",),
        declared=access(GET=WINDOW_AND_OVERSEERS),
    )
]
