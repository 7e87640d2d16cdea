"""API serializers of early-warning signals."""

from __future__ import annotations

from evaluations.warnings.models import Signal
from foundation.api.base import LifecycleSerializer


class SignalSerializer(LifecycleSerializer):
    class Meta:
        model = Signal
        fields = (
            "provider",
            "week",
            "measure",
            "chart",
            "test",
            "value",
            "centre",
            "low",
            "high",
            "cases",
            "visit_on",
            "found",
        )
