"""Serializers of penalties."""

from contracts.penalties.models import Penalty
from foundation.api.base import LifecycleSerializer


class PenaltySerializer(LifecycleSerializer):
    class Meta:
        model = Penalty
        fields = ("contract", "title", "cases", "amount", "why", "answer", "invoice")
