"""Serializers of the effect of an edition."""

from __future__ import annotations

from rest_framework import serializers


class TouchedSerializer(serializers.Serializer):
    code = serializers.CharField()
    words = serializers.CharField()
    address = serializers.CharField()
    consequence = serializers.CharField()


class KindSerializer(serializers.Serializer):
    title = serializers.CharField()
    count = serializers.IntegerField()
    rows = TouchedSerializer(many=True)


class CostSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    units = serializers.IntegerField()
    low = serializers.DecimalField(max_digits=16, decimal_places=2)
    high = serializers.DecimalField(max_digits=16, decimal_places=2)


class EffectSerializer(serializers.Serializer):
    """How far the effect is counted; the figures are there once ``status`` is ``ready``."""

    status = serializers.CharField()
    status_label = serializers.CharField()
    progress = serializers.IntegerField()
    counted_at = serializers.DateTimeField(allow_null=True)
    kinds = KindSerializer(many=True)
    costs = CostSerializer(many=True)
    low = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    high = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
