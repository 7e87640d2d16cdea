"""What the API tells of evaluations."""

from __future__ import annotations

from evaluations.rectifications.models import Rectification
from foundation.api.base import LivedSerializer


class RectificationSerializer(LivedSerializer):
    class Meta:
        model = Rectification
        fields = ("assessment", "provider", "what", "days", "report", "outcome")
