"""API serializers of assessments, rulings and consequences."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from evaluations.assessments.models import Assessment, Ruling
from evaluations.consequences.models import Consequence
from foundation.api.base import LifecycleSerializer, asking
from foundation.api.lists import Parts
from foundation.parties import is_one_of
from foundation.roles import Actor


class RulingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Ruling
        fields = ("kind", "key", "value", "why", "at")


class ConsequenceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Consequence
        fields = ("effect", "rule", "words", "at")


def _open(parts: Any, assessment: Assessment, reader: Actor) -> QuerySet[Any]:
    """The rulings or consequences of an assessment, none before its result is open to the reader."""
    found: QuerySet[Any] = parts.all()
    return found if assessment.result_open_to(reader) else found.none()


class AssessmentSerializer(LifecycleSerializer):
    """An assessment; points, total, grade and rank only for those who may read the result. What they were made
    from is told of one assessment alone.
    """

    ALONE = MappingProxyType({"report": {}, "evidence": {}, "parts": []})

    rulings = Parts(RulingSerializer(), rows=lambda obj, reader: _open(obj.rulings, obj, reader))
    consequences = Parts(
        ConsequenceSerializer(), rows=lambda obj, reader: _open(obj.consequences, obj, reader)
    )

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
            shown |= {"parts": [], "total": None, "grade": "", "rank": None}
        if not (self.among_many or is_one_of(Assessment.seen_by, actor, instance)):
            shown |= {"report": {}, "evidence": {}}
        return shown
