"""Serializers of bids with their prices."""

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer
from foundation.api.lists import Parts
from procurement.bids.models import Bid, BidLine


class BidLineSerializer(serializers.ModelSerializer):
    class Meta:
        model = BidLine
        fields = ("item", "unit_price")


class BidSerializer(LifecycleSerializer):
    lines = Parts(BidLineSerializer(), in_turn=True)

    class Meta:
        model = Bid
        fields = (
            "project",
            "provider",
            "digest",
            "sealed_at",
            "price",
            "plan",
            "team",
            "price_score",
            "quality_score",
            "score",
            "rank",
            "why",
            "lines",
        )
