"""Undelivered text messages in the API."""

from __future__ import annotations

from rest_framework import serializers

from foundation.messaging.models import Message


class UndeliveredSerializer(serializers.ModelSerializer):
    """A text message that was not delivered, without its text."""

    to = serializers.CharField(help_text="masked")

    class Meta:
        model = Message
        fields = ("id", "to", "about", "at", "tries", "until", "undelivered_at")
