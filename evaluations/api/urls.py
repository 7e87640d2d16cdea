from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evaluations import defaults, evidence, scoring, tallies
from evaluations.lifecycle import RoundStatus
from evaluations.measures import MEASURES, figure_of
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
from foundation.access import access
from foundation.api.base import Endpoint, LivedSerializer, asking, resource
from foundation.pages.base import find_visible
from foundation.roles import Role
from organizations.models import Provider

OVERSEERS = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR))
OVERSIGHT = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.EVALUATOR))
JUDGED = (Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.EVALUATOR, Role.COORDINATOR)
WITH_PROVIDERS = access(GET=JUDGED)
WITH_FINANCE = access(GET=(*JUDGED, Role.FINANCE))
TALKING = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.COORDINATOR))


class SchemeSerializer(LivedSerializer):
    class Meta:
        model = Scheme
        fields = (
            "id",
            "name",
            "indicators",
            "vetoes",
            "grades",
            "survey",
            "consequences",
            "status",
            "status_label",
            "moves",
        )


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
            "id",
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
            "status",
            "status_label",
            "moves",
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
            "id",
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
            "status",
            "status_label",
            "moves",
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
        fields = ("id", "assessment", "asked", "scores", "suspicions", "status", "status_label", "moves")

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
        fields = (
            "id",
            "assessment",
            "key",
            "title",
            "text",
            "proposed",
            "answer",
            "status",
            "status_label",
            "moves",
        )


class RectificationSerializer(LivedSerializer):
    class Meta:
        model = Rectification
        fields = (
            "id",
            "assessment",
            "provider",
            "what",
            "days",
            "report",
            "outcome",
            "status",
            "status_label",
            "moves",
        )


class VoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = Vote
        fields = ("leaves", "why", "at")


class ExitSerializer(LivedSerializer):
    votes = VoteSerializer(many=True, read_only=True)

    class Meta:
        model = Exit
        fields = (
            "id",
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
            "status",
            "status_label",
            "moves",
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
        fields = ("id", "exit", "text", "answer", "status", "status_label", "moves")


class SignalSerializer(LivedSerializer):
    class Meta:
        model = Signal
        fields = (
            "id",
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
            "status",
            "status_label",
            "moves",
        )


class SimulationSerializer(LivedSerializer):
    class Meta:
        model = Simulation
        fields = (
            "id",
            "scheme",
            "round",
            "grades",
            "resamples",
            "seed",
            "result",
            "status",
            "status_label",
            "moves",
        )


FIGURE = inline_serializer(
    "ProviderFigure",
    {
        "measure": serializers.CharField(),
        "definition": serializers.CharField(),
        "value": serializers.FloatField(allow_null=True),
        "n": serializers.IntegerField(),
        "raw": serializers.FloatField(allow_null=True),
        "low": serializers.FloatField(allow_null=True),
        "high": serializers.FloatField(allow_null=True),
        "expected": serializers.FloatField(allow_null=True),
        "shrunk": serializers.BooleanField(),
    },
    many=True,
)
RECORD = inline_serializer(
    "CountedRecord",
    {
        "record": serializers.CharField(),
        "address": serializers.CharField(),
        "at": serializers.DateTimeField(),
        "yes": serializers.IntegerField(),
        "all": serializers.IntegerField(),
        "case_mix": serializers.CharField(),
    },
    many=True,
)


class Figures(Endpoint):
    """One provider's automatic figures of the last 365 days; null for no data."""

    access = WITH_PROVIDERS

    @extend_schema(operation_id="provider_figures", responses=FIGURE)
    def get(self, request: Request, pk: int) -> Response:
        provider = find_visible(Provider, self.actor, pk=pk)
        if not evidence.may_open(self.actor, provider):
            raise Http404
        kept = tallies.kept(pk)
        shown = []
        for key, measure in MEASURES.items():
            found = figure_of(key, kept, defaults.survey())
            row: dict[str, Any] = {
                "measure": key,
                "definition": str(measure.definition),
                "value": None,
                "n": 0,
                "raw": None,
                "low": None,
                "high": None,
                "expected": None,
                "shrunk": False,
            }
            if found is not None:
                row |= {
                    name: round(float(getattr(found, name)), 4) for name in ("value", "raw", "low", "high")
                }
                row |= {"n": found.n, "shrunk": found.shrunk}
                if found.expected is not None:
                    row["expected"] = round(float(found.expected), 4)
            shown.append(row)
        return Response(shown)


class Records(Endpoint):
    """The records behind one figure of the last 365 days, newest first (at most 200)."""

    access = WITH_PROVIDERS

    @extend_schema(operation_id="provider_figure_records", responses=RECORD)
    def get(self, request: Request, pk: int, measure: str) -> Response:
        provider = find_visible(Provider, self.actor, pk=pk)
        if measure not in MEASURES or not evidence.may_open(self.actor, provider):
            raise Http404
        span = tallies.window()
        rows, _yes, _every = evidence.rows(measure, pk, span.first, span.last, self.actor)
        return Response(
            [
                {
                    "record": each.words,
                    "address": each.address,
                    "at": each.at,
                    "yes": each.yes,
                    "all": each.all,
                    "case_mix": each.mix,
                }
                for each in rows
            ]
        )


urlpatterns = [
    *resource("schemes", SchemeSerializer, filters=("status",), declared=WITH_PROVIDERS),
    *resource("rounds", RoundSerializer, filters=("status",), joins=("scheme",), declared=WITH_PROVIDERS),
    *resource(
        "assessments",
        AssessmentSerializer,
        filters=("status", "round", "provider"),
        joins=("round__scheme", "provider__organization"),
        many=("rulings", "consequences"),
        declared=WITH_PROVIDERS,
    ),
    *resource(
        "sheets",
        SheetSerializer,
        filters=("status", "assessment"),
        joins=("assessment__round__scheme",),
        many=("assessment__cases",),
        declared=OVERSIGHT,
    ),
    *resource(
        "appeals",
        AppealSerializer,
        filters=("status", "assessment"),
        joins=("assessment__round__scheme", "assessment__provider"),
        declared=WITH_PROVIDERS,
    ),
    *resource(
        "rectifications",
        RectificationSerializer,
        filters=("status", "provider"),
        joins=("provider",),
        declared=WITH_PROVIDERS,
    ),
    *resource(
        "exits",
        ExitSerializer,
        filters=("status", "cause", "provider"),
        joins=("provider",),
        many=("votes",),
        declared=WITH_FINANCE,
    ),
    *resource(
        "exit-appeals", ExitAppealSerializer, filters=("status",), joins=("exit__provider",), declared=TALKING
    ),
    *resource(
        "signals",
        SignalSerializer,
        filters=("status", "provider", "measure"),
        joins=("provider",),
        declared=WITH_PROVIDERS,
    ),
    *resource("simulations", SimulationSerializer, filters=("scheme",), declared=OVERSEERS),
    path("providers/<int:pk>/figures", Figures.as_view(), name="api-provider-figures"),
    path("providers/<int:pk>/figures/<slug:measure>", Records.as_view(), name="api-provider-records"),
]
