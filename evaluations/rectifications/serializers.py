"""API serializers of rectifications."""

from __future__ import annotations

from evaluations.rectifications.models import Rectification
from foundation.api.base import LifecycleSerializer


class RectificationSerializer(LifecycleSerializer):
    class Meta:
        model = Rectification
        fields = ("assessment", "provider", "what", "days", "report", "outcome")
