"""API serializers of goals and visits."""

from __future__ import annotations

from foundation.api.base import DisclosedSerializer
from referrals.service.models import Goal, Visit


class GoalSerializer(DisclosedSerializer):
    class Meta:
        model = Goal
        fields = ("position", "text", "reached")


class VisitSerializer(DisclosedSerializer):
    """A visit without its notes, which the page shows field by field."""

    class Meta:
        model = Visit
        fields = ("id", "on", "began_at", "ended_at", "venue", "units", "words", "confirmation")
