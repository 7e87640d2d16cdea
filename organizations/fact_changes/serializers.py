"""Changes of facts in the API."""

from __future__ import annotations

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer
from organizations.fact_changes.models import SENSITIVE, FactChange


class FactChangeSerializer(LifecycleSerializer):
    """What a provider asks to be registered instead, and what stood before; accounts are masked."""

    bank_account = serializers.CharField(read_only=True)
    former_bank_account = serializers.CharField(read_only=True)

    class Meta:
        model = FactChange
        fields = ("provider", *(f"{when}{fact}" for fact in SENSITIVE for when in ("", "former_")), "why")
