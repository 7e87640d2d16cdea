"""Undelivered text messages in the API."""

from __future__ import annotations

from rest_framework import serializers

from foundation.messaging.models import Message


class UndeliveredSerializer(serializers.ModelSerializer):
    to = serializers.CharField(help_text="masked")

    class Meta:
        model = Message
        fields = ("id", "to", "about", "at", "tries", "until", "undelivered_at")
