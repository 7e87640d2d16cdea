"""The API of the ground floor: rules, deadlines, notices, journal, reveal, documents."""

from __future__ import annotations

from rest_framework import serializers


class RevealedBody(serializers.Serializer):
    value = serializers.CharField()
