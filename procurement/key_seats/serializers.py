from foundation.api.base import LivedSerializer
from procurement.key_seats.models import KeySeat


class KeySeatSerializer(LivedSerializer):
    class Meta:
        model = KeySeat
        fields = ("project", "person", "organization", "number")
