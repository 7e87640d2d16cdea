"""Corrections in the API."""

from __future__ import annotations

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer, by_number
from households.corrections.models import Correction


class CorrectionSerializer(LifecycleSerializer):
    """A correction; both numbers are masked."""

    household = by_number()
    wrong = serializers.CharField(read_only=True)
    right = serializers.CharField(read_only=True)

    class Meta:
        model = Correction
        fields = ("household", "person", "wrong", "right", "why")
