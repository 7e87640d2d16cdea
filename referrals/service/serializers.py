"""What the API shows of matters, needs, referrals and what hangs on them."""

from __future__ import annotations

from foundation.api.base import DisclosedSerializer
from referrals.service.models import Goal, Visit


class GoalSerializer(DisclosedSerializer):
    class Meta:
        model = Goal
        fields = ("position", "text", "reached")


class VisitSerializer(DisclosedSerializer):
    """Notes are left out: they are read on the page, field by field."""

    class Meta:
        model = Visit
        fields = ("id", "on", "began_at", "ended_at", "venue", "units", "words", "confirmation")
