"""Serializers of offers and their renewal."""

from __future__ import annotations

from rest_framework import serializers

from catalog.comparisons.serializers import FieldChangeSerializer
from catalog.items.serializers import ItemSerializer
from catalog.offers.models import Offer, OfferDocument
from foundation.api.base import LifecycleSerializer
from foundation.api.lists import Parts


class PaperSerializer(serializers.ModelSerializer):
    class Meta:
        model = OfferDocument
        fields = ("id", "name", "kind", "size", "added_at")


class OfferSerializer(LifecycleSerializer):
    papers = Parts(PaperSerializer(), rows=lambda offer, _reader: offer.papers.defer("sealed"))

    class Meta:
        model = Offer
        fields = (
            "item",
            "provider",
            "places",
            "taken",
            "places_at",
            "weekly",
            "price",
            "staff",
            "weekdays",
            "opens_at",
            "closes_at",
            "changed_at",
            "papers",
        )


class RenewalSerializer(serializers.Serializer):
    needed = serializers.BooleanField()
    over_ceiling = serializers.BooleanField()
    item = ItemSerializer(allow_null=True)
    changes = FieldChangeSerializer(many=True)
