"""API serializers of re-matchings."""

from __future__ import annotations

from types import MappingProxyType

from foundation.api.base import LifecycleSerializer
from referrals.rematching.models import Rematch


class RematchSerializer(LifecycleSerializer):
    ALONE = MappingProxyType({"plan": []})

    class Meta:
        model = Rematch
        fields = ("provider", "plan", "total", "bound", "rule_version")
