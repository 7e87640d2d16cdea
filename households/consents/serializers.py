"""Consents in the API."""

from __future__ import annotations

from rest_framework import serializers

from households.consents.models import Consent


class ConsentSerializer(serializers.ModelSerializer):
    """A consent, and whether it is valid now."""

    holds = serializers.BooleanField(read_only=True)

    class Meta:
        model = Consent
        fields = (
            "id",
            "purpose_code",
            "purpose",
            "receiver",
            "person",
            "given_by",
            "scope",
            "form",
            "given_at",
            "valid_to",
            "withdrawn_at",
            "holds",
        )
