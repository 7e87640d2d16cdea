"""Relocations in the API."""

from __future__ import annotations

from foundation.api.base import LifecycleSerializer, by_number
from households.relocations.models import Relocation


class RelocationSerializer(LifecycleSerializer):
    """A relocation, without the new address."""

    household = by_number()

    class Meta:
        model = Relocation
        fields = ("household", "from_town", "to_town", "to_place")
