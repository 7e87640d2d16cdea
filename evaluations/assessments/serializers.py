"""API serializers of assessments, rulings and consequences."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from rest_framework import serializers

from evaluations.assessments.models import Assessment, Ruling
from evaluations.consequences.models import Consequence
from foundation.api.base import LifecycleSerializer, asking
from foundation.parties import is_one_of


class RulingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Ruling
        fields = ("kind", "key", "value", "why", "at")


class ConsequenceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Consequence
        fields = ("effect", "rule", "words", "at")


class AssessmentSerializer(LifecycleSerializer):
    """An assessment; points, total, grade and rank only for those who may read the result. What they were made
    from is told of one assessment alone.
    """

    ALONE = MappingProxyType({"report": {}, "evidence": {}, "parts": []})

    rulings = RulingSerializer(many=True, read_only=True)
    consequences = ConsequenceSerializer(many=True, read_only=True)

    class Meta:
        model = Assessment
        fields = (
            "round",
            "provider",
            "report",
            "reported_at",
            "evidence",
            "population",
            "parts",
            "total",
            "grade",
            "rank",
            "rulings",
            "consequences",
        )

    def to_representation(self, instance: Assessment) -> dict[str, Any]:
        """Leave out the result before it is announced, and the self-report except for those who judge and the
        provider.
        """
        shown = super().to_representation(instance)
        actor = asking(self.context["request"])
        if not instance.result_open_to(actor):
            shown |= {
                "parts": [],
                "total": None,
                "grade": "",
                "rank": None,
                "rulings": [],
                "consequences": [],
            }
        if not (self.among_many or is_one_of(Assessment.seen_by, actor, instance)):
            shown |= {"report": {}, "evidence": {}}
        return shown
