"""API serializers of re-matchings."""

from __future__ import annotations

from foundation.api.base import LifecycleSerializer
from referrals.rematching.models import Rematch


class RematchSerializer(LifecycleSerializer):
    class Meta:
        model = Rematch
        fields = ("provider", "plan", "total", "bound", "rule_version")
