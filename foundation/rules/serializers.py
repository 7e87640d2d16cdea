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


class RuleChangeSerializer(serializers.Serializer):
    """One part of a rule: what it was and what it would be; of a list also what is added and what is taken away."""

    part = serializers.CharField(source="label")
    before = serializers.CharField()
    after = serializers.CharField()
    added = serializers.ListField(child=serializers.CharField())
    removed = serializers.ListField(child=serializers.CharField())


class RulePreviewSerializer(serializers.Serializer):
    """What a part would give: a text filled with an invented example, or how much would go."""

    part = serializers.CharField(source="label")
    text = serializers.CharField()
    note = serializers.CharField()


class RuleEffectSerializer(serializers.Serializer):
    """What a version would change; ``running`` counts the clocks of a deadline."""

    before = serializers.CharField()
    after = serializers.CharField()
    changes = RuleChangeSerializer(many=True)
    running = serializers.IntegerField(allow_null=True)
    previews = RulePreviewSerializer(many=True)
