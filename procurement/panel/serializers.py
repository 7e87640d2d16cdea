from foundation.api.base import LivedSerializer
from procurement.panel.models import PanelSeat


class PanelSeatSerializer(LivedSerializer):
    class Meta:
        model = PanelSeat
        fields = ("project", "person", "organization", "draw_number", "seed", "excusing", "excusing_why")
