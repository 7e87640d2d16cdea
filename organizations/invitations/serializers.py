"""Invitations in the API."""

from __future__ import annotations

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer
from organizations.invitations.models import Invitation


class InvitationSerializer(LifecycleSerializer):
    """An invitation; the telephone is masked, and the code stands nowhere."""

    phone = serializers.CharField(read_only=True)

    class Meta:
        model = Invitation
        fields = (
            "purpose",
            "user",
            "full_name",
            "phone",
            "email",
            "channel",
            "role",
            "organization",
            "place",
            "valid_from",
            "valid_to",
            "expires_at",
        )
