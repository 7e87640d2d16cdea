from contracts.penalties.models import Penalty
from foundation.api.base import LivedSerializer


class PenaltySerializer(LivedSerializer):
    class Meta:
        model = Penalty
        fields = ("contract", "title", "cases", "amount", "why", "answer", "invoice")
