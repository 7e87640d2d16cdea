from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.access import access
from foundation.api.base import Endpoint, LivedSerializer, resource
from foundation.roles import Role
from procurement import red_flags
from procurement.models import (
    Bid,
    BidLine,
    CallOff,
    KeySeat,
    Objection,
    PanelSeat,
    Project,
    ProjectItem,
    Question,
)

BUYING = (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR)
READERS = access(GET=(*BUYING, Role.COORDINATOR, Role.EVALUATOR, Role.HANDLER))
TALKING = access(GET=(*BUYING, Role.COORDINATOR))
BIDS = access(GET=(*BUYING, Role.COORDINATOR, Role.EVALUATOR))
HOLDERS = access(GET=(*BUYING, Role.HANDLER))
EXPERTS = access(GET=(*BUYING, Role.EVALUATOR))


class PurchaseItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = ProjectItem
        fields = ("id", "item", "limit_price", "quota")


class CallOffSerializer(serializers.ModelSerializer):
    class Meta:
        model = CallOff
        fields = ("bid", "contract", "way", "why", "at")


class ProjectSerializer(LivedSerializer):
    items = PurchaseItemSerializer(many=True)
    call_offs = CallOffSerializer(many=True)

    class Meta:
        model = Project
        fields = (
            "id", "number", "title", "need", "buyer", "budget_line", "edition", "method",
            "restricted", "under", "justification", "start_on", "end_on", "amount",
            "price_points", "criteria", "papers", "places", "panel_size", "keys_needed",
            "bids_until", "published_at", "opened_at", "awarded_at", "panel_seed", "outcome",
            "items", "call_offs", "status", "status_label", "moves",
        )  # fmt: skip


class BidLineSerializer(serializers.ModelSerializer):
    class Meta:
        model = BidLine
        fields = ("item", "unit_price")


class BidSerializer(LivedSerializer):
    lines = BidLineSerializer(many=True)

    class Meta:
        model = Bid
        fields = (
            "id", "project", "provider", "digest", "sealed_at", "price", "plan", "team",
            "price_score", "quality_score", "score", "rank", "why", "lines", "status",
            "status_label", "moves",
        )  # fmt: skip


class QuestionSerializer(LivedSerializer):
    class Meta:
        model = Question
        fields = (
            "id", "project", "text", "answer_text", "changes_bids", "answered_at", "status",
            "status_label", "moves",
        )  # fmt: skip


class ObjectionSerializer(LivedSerializer):
    class Meta:
        model = Objection
        fields = (
            "id", "project", "provider", "grounds", "answer_text", "status", "status_label", "moves",
        )  # fmt: skip


class KeySeatSerializer(LivedSerializer):
    class Meta:
        model = KeySeat
        fields = ("id", "project", "person", "organization", "number", "status", "status_label",
                  "moves")  # fmt: skip


class PanelSeatSerializer(LivedSerializer):
    class Meta:
        model = PanelSeat
        fields = ("id", "project", "person", "organization", "draw_number", "status",
                  "status_label", "moves")  # fmt: skip


class EvidenceBody(serializers.Serializer):
    words = serializers.CharField()
    address = serializers.CharField()


class FlagBody(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField(source="rule.title")
    rule = serializers.CharField(source="rule.said")
    basis = serializers.CharField(source="rule.basis")
    rule_version = serializers.IntegerField(source="rule.version")
    words = serializers.CharField()
    evidence = EvidenceBody(many=True)


class RedFlags(Endpoint):
    """Every red flag that the data show now, with its rule and its evidence."""

    access = access(GET=BUYING)

    @extend_schema(responses=FlagBody(many=True), operation_id="red_flags")
    def get(self, request: Request) -> Response:
        return Response(FlagBody(red_flags.found(), many=True).data)


urlpatterns = [
    path("red-flags", RedFlags.as_view(), name="api-red-flags"),
    *resource(
        "projects",
        ProjectSerializer,
        filters=("status", "method"),
        lookup="number",
        many=("items", "call_offs"),
        declared=READERS,
    ),
    *resource(
        "bids",
        BidSerializer,
        filters=("status", "project"),
        joins=("project", "provider"),
        many=("lines",),
        declared=BIDS,
    ),
    *resource(
        "questions", QuestionSerializer, filters=("status", "project"), joins=("provider",),
        declared=TALKING,
    ),
    *resource(
        "objections", ObjectionSerializer, filters=("status", "project"), joins=("provider",),
        declared=TALKING,
    ),
    *resource(
        "key-seats", KeySeatSerializer, filters=("status", "project"), joins=("project",),
        declared=HOLDERS,
    ),
    *resource(
        "panel-seats", PanelSeatSerializer, filters=("status", "project"), declared=EXPERTS
    ),
]  # fmt: skip
