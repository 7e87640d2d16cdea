from typing import Any

from django.http import HttpRequest
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.access import access
from foundation.api.base import Endpoint, LivedSerializer, read_form, resource
from foundation.pages.base import find_visible
from foundation.roles import Role
from referrals import matching, offering, triage
from referrals.inputs import AddNeed, SendReferral
from referrals.models import Matter, Need, Referral


class NeedSerializer(LivedSerializer):
    matter = serializers.SlugRelatedField("number", read_only=True)

    class Meta:
        model = Need
        fields = (
            "id",
            "matter",
            "kind",
            "text",
            "urgent",
            "body",
            "result",
            "granted",
            "status",
            "status_label",
            "moves",
        )


class MatterSerializer(LivedSerializer):
    household = serializers.SlugRelatedField("number", read_only=True)
    needs = NeedSerializer(many=True)

    class Meta:
        model = Matter
        fields = (
            "id",
            "number",
            "household",
            "town",
            "channel",
            "urgent",
            "story",
            "needs",
            "created_at",
            "status",
            "status_label",
            "moves",
        )


class ReferralSerializer(LivedSerializer):
    """Contact data stay masked; they are read by the reveal page, with a reason."""

    item = serializers.CharField(source="offer.item.code")
    contact_name = serializers.CharField(read_only=True)

    class Meta:
        model = Referral
        fields = (
            "id",
            "number",
            "need",
            "item",
            "provider",
            "town",
            "size",
            "urgent",
            "units",
            "used",
            "goal",
            "choice",
            "plan_text",
            "outcome",
            "goal_level",
            "contact_name",
            "offered_at",
            "answered_at",
            "status",
            "status_label",
            "moves",
        )

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request: HttpRequest | None = self.context.get("request")
        actor = getattr(getattr(request, "_request", request), "actor", None)
        if actor and actor.role in (Role.COORDINATOR, Role.SOCIAL_WORKER):
            fields.pop("choice")  # how others scored is not a provider's business
        return fields


class PartSerializer(serializers.Serializer):
    name = serializers.CharField()
    points = serializers.FloatField()
    most = serializers.FloatField()
    words = serializers.CharField()


class CandidateSerializer(serializers.Serializer):
    offer_id = serializers.IntegerField()
    provider = serializers.CharField()
    item = serializers.CharField()
    free = serializers.IntegerField()
    units_left = serializers.IntegerField()
    total = serializers.FloatField()
    parts = PartSerializer(many=True)
    why_not = serializers.ListField(child=serializers.CharField())


class RankingSerializer(serializers.Serializer):
    candidates = CandidateSerializer(many=True)
    excluded = CandidateSerializer(many=True)
    rule_version = serializers.IntegerField()


class SendSerializer(serializers.Serializer):
    offer_id = serializers.IntegerField()
    units = serializers.IntegerField()
    goal = serializers.CharField()
    choice_reason = serializers.CharField(required=False)


class Candidates(Endpoint):
    """Who could serve a need, and sending it to one of them."""

    access = access(GET=(Role.WINDOW,), POST=(Role.WINDOW,))

    @extend_schema(responses=RankingSerializer, operation_id="need_candidates")
    def get(self, request: Request, pk: int) -> Response:
        need = find_visible(Need, self.actor, pk=pk)
        return Response(RankingSerializer(matching.rank(need)).data)

    @extend_schema(
        request=SendSerializer, responses={201: ReferralSerializer}, operation_id="need_send"
    )
    def post(self, request: Request, pk: int) -> Response:
        need = find_visible(Need, self.actor, pk=pk)
        form = read_form(SendReferral, request, actor=self.actor, obj=need)
        key = request.headers.get("Idempotency-Key", "")[:80]
        referral = offering.send(need, by=self.actor, key=key, **form.given())
        return Response(ReferralSerializer(referral, context={"request": request}).data, status=201)


class NeedBody(serializers.Serializer):
    kind = serializers.CharField()
    text = serializers.CharField(required=False)
    urgent = serializers.BooleanField(required=False)


class AddNeedEndpoint(Endpoint):
    """A further need of an accepted matter."""

    access = access(POST=(Role.WINDOW,))

    @extend_schema(request=NeedBody, responses={201: NeedSerializer}, operation_id="matter_need")
    def post(self, request: Request, number: str) -> Response:
        matter = find_visible(Matter, self.actor, number=number)
        form = read_form(AddNeed, request, actor=self.actor)
        key = request.headers.get("Idempotency-Key", "")[:80]
        need = triage.add(by=self.actor, matter=matter, key=key, **form.given())
        return Response(NeedSerializer(need, context={"request": request}).data, status=201)


CASE = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.WINDOW, Role.ASSISTANT, Role.HOUSEHOLD))

urlpatterns = [
    *resource(
        "matters",
        MatterSerializer,
        filters=("status", "urgent"),
        lookup="number",
        joins=("household", "town"),
        many=("needs",),
        declared=CASE,
    ),
    path("matters/<str:number>/needs", AddNeedEndpoint.as_view(), name="api-matter-need"),
    *resource(
        "needs", NeedSerializer, filters=("status", "kind", "body"), joins=("matter__household",)
    ),
    path("needs/<int:pk>/candidates", Candidates.as_view(), name="api-need-candidates"),
    *resource(
        "referrals",
        ReferralSerializer,
        filters=("status", "provider", "urgent"),
        lookup="number",
        joins=("offer__item", "provider", "need__matter"),
    ),
]
