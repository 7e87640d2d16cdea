"""API routes of referrals."""

from foundation.api.base import resource
from foundation.permissions import access
from referrals.offers.serializers import ReferralSerializer
from referrals.offers.views import REFERRAL_ROLES

urlpatterns = [
    *resource(
        "referrals",
        ReferralSerializer,
        filters=("status", "provider", "urgent"),
        lookup="number",
        joins=("offer__item", "provider", "need__matter", "request_for_offers", "line__contract"),
        many=("goals", "visits"),
        declared=access(GET=REFERRAL_ROLES),
    )
]
