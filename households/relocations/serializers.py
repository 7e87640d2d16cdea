from __future__ import annotations

from foundation.api.base import LivedSerializer, by_number
from households.relocations.models import Relocation


class RelocationSerializer(LivedSerializer):
    household = by_number()

    class Meta:
        model = Relocation
        fields = ("household", "from_town", "to_town", "to_place")
