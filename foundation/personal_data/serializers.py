"""Revealed values in the API."""

from __future__ import annotations

from rest_framework import serializers


class RevealedBody(serializers.Serializer):
    """The revealed value."""

    value = serializers.CharField()
