"""The API of charity funds and goods: pools, gifts and ledger entries, read only but for transitions."""

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer, resource
from foundation.api.lists import Parts
from giving.models import Backing, Gift, Pool, StockEntry


class BackingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Backing
        fields = ("offer", "per_unit")


class PoolSerializer(LifecycleSerializer):
    backings = Parts(BackingSerializer(), in_turn=True)

    class Meta:
        model = Pool
        fields = (
            "provider",
            "kind",
            "name",
            "unit",
            "unit_value",
            "purpose",
            "received",
            "available",
            "reserved",
            "given",
            "lost",
            "backings",
        )


class GiftSerializer(LifecycleSerializer):
    class Meta:
        model = Gift
        fields = ("number", "pool", "donor_kind", "donor", "named", "units", "wish")


class StockEntrySerializer(serializers.ModelSerializer):
    class Meta:
        model = StockEntry
        fields = ("id", "at", "pool", "credit", "debit", "units", "holder", "note")


urlpatterns = [
    *resource("pools", PoolSerializer, filters=("status", "kind", "provider"), joins=("provider",)),
    *resource(
        "gifts", GiftSerializer, filters=("status", "pool"), joins=("pool__provider",), lookup="number"
    ),
    *resource("stock-entries", StockEntrySerializer, filters=("pool", "credit", "debit", "holder")),
]
