"""API routes of referrals."""

from foundation.api.base import resource
from referrals.offers.serializers import ReferralSerializer

urlpatterns = [
    *resource(
        "referrals",
        ReferralSerializer,
        filters=("status", "provider", "urgent"),
        lookup="number",
        joins=("offer__item", "provider", "need__matter", "request_for_offers", "line__contract"),
    )
]
