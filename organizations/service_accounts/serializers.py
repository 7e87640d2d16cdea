"""Service accounts in the API."""

from __future__ import annotations

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer
from organizations.service_accounts.models import ServiceAccount


class ServiceAccountSerializer(LifecycleSerializer):
    """A service account; its token stands in the answer to its issue alone."""

    token = serializers.CharField(
        source="text", read_only=True, help_text="Its text in the answer to its issue; empty ever after."
    )

    class Meta:
        model = ServiceAccount
        fields = ("membership", "name", "purpose", "parts", "acts", "expires_on", "last_used_at", "token")
