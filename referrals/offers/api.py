"""API routes of referrals."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import OPENS_REFERRALS
from referrals.offers.serializers import ReferralSerializer

urlpatterns = [
    *resource(
        "referrals",
        ReferralSerializer,
        filters=("status", "provider", "urgent"),
        lookup="number",
        joins=("offer__item", "provider", "need__matter", "request_for_offers", "line__contract"),
        many=("goals", "visits"),
        declared=access(GET=OPENS_REFERRALS),
    )
]
