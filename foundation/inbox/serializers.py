"""Notices in the API."""

from __future__ import annotations

from rest_framework import serializers

from foundation.inbox.models import Notice


class NoticeSerializer(serializers.ModelSerializer):
    """A notice."""

    text = serializers.CharField(read_only=True)

    class Meta:
        model = Notice
        fields = ("id", "at", "text", "link", "read_at")
