"""What the API shows of matters, needs, referrals and what hangs on them."""

from __future__ import annotations

from foundation.api.base import LivedSerializer, by_number
from referrals.offers.ask import ASKED
from referrals.requests.models import Call


class CallSerializer(LivedSerializer):
    referrals = by_number(many=True)

    class Meta:
        model = Call
        fields = ("need", "mode", *ASKED, "queue", "referrals")
