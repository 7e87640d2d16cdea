"""API serializers of complaints."""

from __future__ import annotations

from foundation.api.base import DisclosedSerializer, LifecycleSerializer, by_number
from foundation.api.lists import Parts
from referrals.complaints.models import Complaint, Reply


class ReplySerializer(DisclosedSerializer):
    class Meta:
        model = Reply
        fields = ("text", "by", "at")


class ComplaintSerializer(LifecycleSerializer):
    """A complaint; ``reply`` is the latest of its ``replies``."""

    household = by_number()
    replies = Parts(ReplySerializer())

    class Meta:
        model = Complaint
        fields = ("household", "need", "about", "text", "reply", "replies", "raised", "created_at")
