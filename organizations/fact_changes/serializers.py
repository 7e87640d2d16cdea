"""Changes of facts in the API."""

from __future__ import annotations

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer
from organizations.fact_changes.models import FactChange


class FactChangeSerializer(LifecycleSerializer):
    """What a provider asks to be registered instead; the account is masked."""

    bank_account = serializers.CharField(read_only=True)

    class Meta:
        model = FactChange
        fields = ("provider", "name", "nature", "legal_representative", "bank_name", "bank_account", "why")
