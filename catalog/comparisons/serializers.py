"""Serializers of the difference between two editions."""

from __future__ import annotations

from rest_framework import serializers


class FieldChangeSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a declared field leaves the class
    before = serializers.CharField()
    after = serializers.CharField()
    percent = serializers.DecimalField(max_digits=12, decimal_places=1, allow_null=True, required=False)


class ItemChangeSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    fields_changed = FieldChangeSerializer(many=True, source="fields")


class DifferenceSerializer(serializers.Serializer):
    older = serializers.IntegerField(source="older.pk")
    newer = serializers.IntegerField(source="newer.pk")
    added = ItemChangeSerializer(many=True)
    removed = ItemChangeSerializer(many=True)
    changed = ItemChangeSerializer(many=True)
    headings = FieldChangeSerializer(many=True)
    unchanged = serializers.IntegerField()
