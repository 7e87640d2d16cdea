"""API serializers of score sheets."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evaluations.sheets import scoring
from evaluations.sheets.models import ScoreSheet
from foundation.api.base import LifecycleSerializer, asking


class AskedSerializer(serializers.Serializer):
    """One mark of a sheet, and the field that takes its level."""

    mark = serializers.CharField()
    field = serializers.CharField()
    indicator = serializers.CharField()
    case = serializers.IntegerField(allow_null=True)


class SheetSerializer(LifecycleSerializer):
    ALONE = MappingProxyType({"asked": [], "scores": {}, "suspicions": {}})

    asked = serializers.SerializerMethodField(help_text="Empty in a list.")

    class Meta:
        model = ScoreSheet
        fields = ("assessment", "asked", "scores", "suspicions")

    @extend_schema_field(AskedSerializer(many=True))
    def get_asked(self, obj: ScoreSheet) -> list[dict[str, Any]]:
        """The marks of the sheet, with the fields that take the level (``level_…``)."""
        return [
            {
                "mark": mark,
                "field": scoring.field_of("level", mark),
                "indicator": leaf["title"],
                "case": case.position if case else None,
            }
            for mark, leaf, case in scoring.marks_of(obj)
        ]

    def to_representation(self, instance: ScoreSheet) -> dict[str, Any]:
        """Leave out the levels for everybody but the evaluator while scoring goes on."""
        shown = super().to_representation(instance)
        if not instance.open_to(asking(self.context["request"])):
            shown |= {"scores": {}, "suspicions": {}}
        return shown
