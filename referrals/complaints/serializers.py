"""API serializers of complaints."""

from __future__ import annotations

from foundation.api.base import LifecycleSerializer, by_number
from referrals.complaints.models import Complaint


class ComplaintSerializer(LifecycleSerializer):
    household = by_number()

    class Meta:
        model = Complaint
        fields = ("household", "need", "about", "text", "reply", "raised", "created_at")
