"""Serializers of imports and their preview."""

from __future__ import annotations

from rest_framework import serializers

from catalog.comparisons.serializers import FieldChangeSerializer
from catalog.sheets.models import Import
from foundation.api.base import LifecycleSerializer


class ImportSerializer(LifecycleSerializer):
    class Meta:
        model = Import
        fields = ("edition", "file_name", "replace")


class ImportLineSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    verdict = serializers.ChoiceField(choices=["added", "changed", "same", "removed", "refused"])
    changes = FieldChangeSerializer(many=True)
    faults = serializers.ListField(child=serializers.CharField())
    says = serializers.ListField(child=serializers.CharField())


class PreviewSerializer(serializers.Serializer):
    lines = ImportLineSerializer(many=True)
    unknown = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField())
    digest = serializers.CharField()
    counts = serializers.DictField(child=serializers.IntegerField())
