"""API serializers of hand-overs."""

from __future__ import annotations

from foundation.api.base import LifecycleSerializer, by_number
from referrals.handovers.models import Handover


class HandoverSerializer(LifecycleSerializer):
    matter = by_number()

    class Meta:
        model = Handover
        fields = ("matter", "from_town", "from_name", "to_town", "to_user", "why")
