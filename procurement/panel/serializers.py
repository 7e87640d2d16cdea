"""Serializers of seats on panels."""

from foundation.api.base import LifecycleSerializer
from procurement.panel.models import PanelSeat


class PanelSeatSerializer(LifecycleSerializer):
    class Meta:
        model = PanelSeat
        fields = ("project", "person", "organization", "draw_number", "seed", "excusing", "excusing_why")
