"""Serializers of supplementary agreements."""

from types import MappingProxyType

from contracts.amendments.models import Amendment
from foundation.api.base import LifecycleSerializer


class AmendmentSerializer(LifecycleSerializer):
    ALONE = MappingProxyType({"lines": []})

    class Meta:
        model = Amendment
        fields = ("contract", "why", "lines", "end_before", "end_after", "added", "change")
