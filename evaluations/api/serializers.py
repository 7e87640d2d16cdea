"""What the API tells of evaluations."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evaluations import scoring
from evaluations.lifecycle import RoundStatus
from evaluations.models import (
    Appeal,
    Assessment,
    Consequence,
    Exit,
    ExitAppeal,
    Rectification,
    Round,
    Ruling,
    Scheme,
    ScoreSheet,
    Signal,
    Simulation,
    Vote,
)
from foundation.api.base import LivedSerializer, asking
from foundation.roles import Role


class SchemeSerializer(LivedSerializer):
    class Meta:
        model = Scheme
        fields = ("name", "indicators", "vetoes", "grades", "survey", "consequences")


class RulingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Ruling
        fields = ("kind", "key", "value", "why", "at")


class ConsequenceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Consequence
        fields = ("effect", "rule", "words", "at")


class AssessmentSerializer(LivedSerializer):
    """The result stands in it for whoever may read it, and for nobody else."""

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
        """Leave out what is not told yet; the report is for those who judge and the provider."""
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
        if not Assessment.objects.visible_to(actor).filter(pk=instance.pk).exists():
            shown |= {"report": {}, "evidence": {}}
        return shown


class RoundSerializer(LivedSerializer):
    assessments = serializers.SerializerMethodField()

    class Meta:
        model = Round
        fields = (
            "title",
            "kind",
            "scheme",
            "period_from",
            "period_to",
            "sample_size",
            "chair",
            "seed",
            "rules",
            "formulas",
            "agreement",
            "digest",
            "assessments",
        )

    def get_assessments(self, obj: Round) -> list[int]:
        """The keys of the assessments that the reader may see."""
        actor = asking(self.context["request"])
        found = Assessment.objects.visible_to(actor).filter(round=obj)
        return list(found.order_by("pk").values_list("pk", flat=True))

    def to_representation(self, instance: Round) -> dict[str, Any]:
        """How far evaluators agree is for oversight and the chair until the result is told."""
        shown = super().to_representation(instance)
        actor = asking(self.context["request"])
        overseeing = actor.role in (Role.CIVIL_AFFAIRS, Role.AUDITOR) or actor.user_id == instance.chair_id
        if not overseeing and instance.status != RoundStatus.FINAL:
            shown["agreement"] = {}
        return shown


class AskedSerializer(serializers.Serializer):
    """One mark that a sheet asks for, and the field that takes it."""

    mark = serializers.CharField()
    field = serializers.CharField()
    indicator = serializers.CharField()
    case = serializers.IntegerField(allow_null=True)


class SheetSerializer(LivedSerializer):
    asked = serializers.SerializerMethodField()

    class Meta:
        model = ScoreSheet
        fields = ("assessment", "asked", "scores", "suspicions")

    @extend_schema_field(AskedSerializer(many=True))
    def get_asked(self, obj: ScoreSheet) -> list[dict[str, Any]]:
        """What the sheet asks: its marks, with the fields that take the level (``level_…``)."""
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
        """Blind to everybody but who writes it while scoring goes on."""
        shown = super().to_representation(instance)
        if not instance.open_to(asking(self.context["request"])):
            shown |= {"scores": {}, "suspicions": {}}
        return shown


class AppealSerializer(LivedSerializer):
    class Meta:
        model = Appeal
        fields = ("assessment", "key", "title", "text", "proposed", "answer")


class RectificationSerializer(LivedSerializer):
    class Meta:
        model = Rectification
        fields = ("assessment", "provider", "what", "days", "report", "outcome")


class VoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = Vote
        fields = ("leaves", "why", "at")


class ExitSerializer(LivedSerializer):
    votes = VoteSerializer(many=True, read_only=True)

    class Meta:
        model = Exit
        fields = (
            "provider",
            "cause",
            "reasons",
            "assessment",
            "leaves_on",
            "statement",
            "decided_at",
            "barred_until",
            "correction",
            "votes",
        )

    def to_representation(self, instance: Exit) -> dict[str, Any]:
        """Voices are told with the decision; the panel and oversight see them before."""
        shown = super().to_representation(instance)
        actor = asking(self.context["request"])
        if instance.decided_at is None and actor.role not in (Role.CIVIL_AFFAIRS, Role.AUDITOR):
            shown["votes"] = []
        if not instance.statement_open_to(actor):
            shown["statement"] = ""
        return shown


class ExitAppealSerializer(LivedSerializer):
    class Meta:
        model = ExitAppeal
        fields = ("exit", "text", "answer")


class SignalSerializer(LivedSerializer):
    class Meta:
        model = Signal
        fields = (
            "provider",
            "week",
            "measure",
            "chart",
            "test",
            "value",
            "centre",
            "low",
            "high",
            "cases",
            "visit_on",
            "found",
        )


class SimulationSerializer(LivedSerializer):
    class Meta:
        model = Simulation
        fields = ("scheme", "round", "grades", "resamples", "seed", "result")
