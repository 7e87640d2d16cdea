from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.access import access
from foundation.api import bodies
from foundation.api.base import Endpoint, LivedSerializer, read_form, resource, serializer_for
from foundation.roles import Role
from organizations.models import Provider
from procurement import desk, folder, red_flags
from procurement.inputs.bid import AddPaper
from procurement.models import (
    Bid,
    BidLine,
    CallOff,
    KeySeat,
    Objection,
    PanelSeat,
    Paper,
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
            "number",
            "title",
            "need",
            "buyer",
            "budget_line",
            "edition",
            "method",
            "restricted",
            "under",
            "justification",
            "start_on",
            "end_on",
            "amount",
            "price_points",
            "criteria",
            "papers",
            "places",
            "panel_size",
            "keys_needed",
            "bids_until",
            "published_at",
            "opened_at",
            "awarded_at",
            "panel_seed",
            "outcome",
            "items",
            "call_offs",
        )


class BidLineSerializer(serializers.ModelSerializer):
    class Meta:
        model = BidLine
        fields = ("item", "unit_price")


class BidSerializer(LivedSerializer):
    lines = BidLineSerializer(many=True)

    class Meta:
        model = Bid
        fields = (
            "project",
            "provider",
            "digest",
            "sealed_at",
            "price",
            "plan",
            "team",
            "price_score",
            "quality_score",
            "score",
            "rank",
            "why",
            "lines",
        )


class QuestionSerializer(LivedSerializer):
    class Meta:
        model = Question
        fields = ("project", "text", "answer_text", "changes_bids", "answered_at")


class ObjectionSerializer(LivedSerializer):
    class Meta:
        model = Objection
        fields = ("project", "provider", "against", "grounds", "answer_text")


class KeySeatSerializer(LivedSerializer):
    class Meta:
        model = KeySeat
        fields = ("project", "person", "organization", "number")


class PanelSeatSerializer(LivedSerializer):
    class Meta:
        model = PanelSeat
        fields = ("project", "person", "organization", "draw_number", "seed", "excusing", "excusing_why")


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


class FolderPaperSerializer(serializers.ModelSerializer):
    class Meta:
        model = Paper
        fields = ("id", "kind", "file_kind", "valid_until", "added_at")


class Papers(Endpoint):
    """The own folder; POST puts a document into it (``multipart/form-data``)."""

    access = access(GET=(Role.COORDINATOR,), POST=(Role.COORDINATOR,))
    parser_classes = (MultiPartParser, bodies.JSONParser)

    @extend_schema(responses=FolderPaperSerializer(many=True), operation_id="papers")
    def get(self, request: Request) -> Response:
        return Response(FolderPaperSerializer(Paper.objects.visible_to(self.actor), many=True).data)

    @extend_schema(
        request=serializer_for(AddPaper, None, "AddPaper"),
        responses={201: FolderPaperSerializer},
        operation_id="papers_add",
    )
    def post(self, request: Request) -> Response:
        form = read_form(AddPaper, request, actor=self.actor)
        paper = folder.add(by=self.actor, **form.given())
        return Response(FolderPaperSerializer(paper).data, status=201)


class NoticeBody(serializers.Serializer):
    project = serializers.CharField(source="project.number")
    title = serializers.CharField(source="project.title")
    bids_until = serializers.DateTimeField(source="project.bids_until")
    fits = serializers.BooleanField(source="project.fits")
    invited = serializers.BooleanField(source="project.is_invited")
    lacking = serializers.ListField(child=serializers.CharField())
    draft_at = serializers.DateTimeField(allow_null=True)
    bid = serializers.IntegerField(source="bid.pk", allow_null=True, default=None)


class DateBody(serializers.Serializer):
    key = serializers.CharField()
    at = serializers.CharField()
    words = serializers.CharField()
    address = serializers.CharField()


class DeskBody(serializers.Serializer):
    notices = NoticeBody(many=True)
    dates = DateBody(many=True)


class ShowDesk(Endpoint):
    """Open notices, those that fit first, with the papers that lack; and what is due."""

    access = access(GET=(Role.COORDINATOR,))

    @extend_schema(responses=DeskBody, operation_id="desk")
    def get(self, request: Request) -> Response:
        provider = get_object_or_404(Provider, organization_id=self.actor.organization_id)
        body = {"notices": desk.notices(self.actor, provider), "dates": desk.calendar(self.actor, provider)}
        return Response(DeskBody(body).data)


urlpatterns = [
    path("desk", ShowDesk.as_view(), name="api-desk"),
    path("papers", Papers.as_view(), name="api-papers"),
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
        "questions", QuestionSerializer, filters=("status", "project"), joins=("provider",), declared=TALKING
    ),
    *resource(
        "objections",
        ObjectionSerializer,
        filters=("status", "project"),
        joins=("provider",),
        declared=TALKING,
    ),
    *resource(
        "key-seats", KeySeatSerializer, filters=("status", "project"), joins=("project",), declared=HOLDERS
    ),
    *resource("panel-seats", PanelSeatSerializer, filters=("status", "project"), declared=EXPERTS),
]
