"""API serializers of requests for offers."""

from __future__ import annotations

from foundation.api.base import LifecycleSerializer, by_number
from referrals.offers.ask import ASKED
from referrals.requests.models import RequestForOffers


class RequestForOffersSerializer(LifecycleSerializer):
    referrals = by_number(many=True)

    class Meta:
        model = RequestForOffers
        fields = ("need", "mode", *ASKED, "queue", "referrals")
