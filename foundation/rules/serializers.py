"""Rules and their versions in the API."""

from __future__ import annotations

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer
from foundation.models import RuleVersion


class RuleVersionSerializer(LifecycleSerializer):
    """A version of a rule."""

    class Meta:
        model = RuleVersion
        fields = ("key", "version", "value", "note", "in_force_from")


class RuleSerializer(serializers.Serializer):
    """A rule as it applies now, with its value in words."""

    key = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    basis = serializers.CharField()
    value = serializers.JSONField()
    said = serializers.CharField()
