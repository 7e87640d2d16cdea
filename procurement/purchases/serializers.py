"""Serializers of purchases with their items and call-offs."""

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer
from foundation.api.lists import Parts
from procurement.awards.models import CallOff
from procurement.purchases.models import Project, ProjectItem


class PurchaseItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = ProjectItem
        fields = ("id", "item", "limit_price", "quota")


class CallOffSerializer(serializers.ModelSerializer):
    class Meta:
        model = CallOff
        fields = ("bid", "contract", "way", "why", "at")


class ProjectSerializer(LifecycleSerializer):
    items = Parts(PurchaseItemSerializer(), in_turn=True)
    call_offs = Parts(CallOffSerializer())

    class Meta:
        model = Project
        fields = (
            "number",
            "title",
            "need",
            "buyer",
            "budget_line",
            "edition",
            "method",
            "restricted",
            "under",
            "justification",
            "start_on",
            "end_on",
            "amount",
            "price_points",
            "criteria",
            "papers",
            "places",
            "panel_size",
            "keys_needed",
            "bids_until",
            "published_at",
            "opened_at",
            "awarded_at",
            "panel_seed",
            "outcome",
            "items",
            "call_offs",
        )
