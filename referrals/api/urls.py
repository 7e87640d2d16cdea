from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.access import access
from foundation.api.base import SAFE_TO_REPEAT, Endpoint, read_form, resource, serializer_for
from foundation.lifecycle.table import once
from foundation.pages.base import find_visible
from foundation.roles import Role
from households.models import Household
from organizations.need_kinds import NeedKind
from referrals import checks, confirming, matching, missing, offering, sending, triage
from referrals.api.serializers import (
    CallSerializer,
    CandidateSerializer,
    ComplaintSerializer,
    FindingSerializer,
    GapSerializer,
    HandoverSerializer,
    MatterSerializer,
    MeetingSerializer,
    NeedSerializer,
    ReferralSerializer,
    RematchSerializer,
)
from referrals.inputs.intake import AddNeed
from referrals.inputs.offering import Replace, SendReferral
from referrals.inputs.triage import Dismiss
from referrals.models import Matter, Need, Referral
from referrals.pages.cases import MATTER_ROLES, NEED_ROLES
from referrals.pages.oversight import COMPLAINT_ROLES, MEETING_ROLES, WATCHERS
from referrals.pages.services import REFERRAL_ROLES


class RankingSerializer(serializers.Serializer):
    candidates = CandidateSerializer(many=True)
    excluded = CandidateSerializer(many=True)
    rule_version = serializers.IntegerField()


class Candidates(Endpoint):
    """Who could serve a need, and sending it to one of them, or to several (``mode``)."""

    access = access(GET=(Role.WINDOW,), POST=(Role.WINDOW,))

    @extend_schema(responses=RankingSerializer, operation_id="need_candidates")
    def get(self, request: Request, pk: int) -> Response:
        need = find_visible(Need, self.actor, pk=pk)
        return Response(RankingSerializer(matching.rank(need)).data)

    @extend_schema(
        request=serializer_for(SendReferral, None, "Send"),
        responses={201: ReferralSerializer},
        parameters=[SAFE_TO_REPEAT],
        operation_id="need_send",
    )
    def post(self, request: Request, pk: int) -> Response:
        need = find_visible(Need, self.actor, pk=pk)
        form = read_form(SendReferral, request, actor=self.actor, obj=need)
        sent = sending.send(need, by=self.actor, key=self.key, **form.given())
        found = Referral.objects.get(pk=sent.referral.pk)
        return Response(ReferralSerializer(found, context={"request": request}).data, status=201)


class ReplaceEndpoint(Endpoint):
    """Ask another provider to take a running service over; it goes on until then."""

    access = access(POST=(Role.WINDOW,))

    @extend_schema(
        request=serializer_for(Replace, None, "Replace"),
        responses={201: ReferralSerializer},
        parameters=[SAFE_TO_REPEAT],
        operation_id="referral_replace",
    )
    def post(self, request: Request, number: str) -> Response:
        referral = find_visible(Referral, self.actor, number=number)
        form = read_form(Replace, request, actor=self.actor, obj=referral)
        made = offering.send(referral.need, by=self.actor, key=self.key, replaces=referral, **form.given())
        return Response(ReferralSerializer(made, context={"request": request}).data, status=201)


class SendVisitCode(Endpoint):
    """Send the household a new code for the next visit; the one before is dead."""

    access = access(POST=(Role.COORDINATOR, Role.SOCIAL_WORKER, Role.HOUSEHOLD))

    @extend_schema(request=None, responses={204: None}, operation_id="referral_visit_code")
    def post(self, request: Request, number: str) -> Response:
        confirming.send_code(find_visible(Referral, self.actor, number=number), by=self.actor)
        return Response(status=204)


class Findings(Endpoint):
    """What speaks against helping a need: duplicate, excess, overlap; and what was set aside."""

    access = access(GET=(Role.WINDOW, Role.HANDLER, Role.CIVIL_AFFAIRS))

    @extend_schema(responses=FindingSerializer(many=True), operation_id="need_findings")
    def get(self, request: Request, pk: int) -> Response:
        need = find_visible(Need, self.actor, pk=pk)
        return Response(FindingSerializer(checks.told_to(self.actor, need), many=True).data)


class MissingHelp(Endpoint):
    """Households for which help seems to be missing."""

    access = access(GET=(Role.WINDOW, Role.CIVIL_AFFAIRS))

    @extend_schema(responses=GapSerializer(many=True), operation_id="missing_help")
    def get(self, request: Request) -> Response:
        return Response(GapSerializer(missing.gaps(self.actor), many=True).data)


class DismissGap(Endpoint):
    """Say why a household does not need what it seems to lack."""

    access = access(POST=(Role.WINDOW,))

    @extend_schema(
        request=serializer_for(Dismiss, None, "Dismiss"),
        responses={204: None},
        operation_id="missing_help_dismiss",
    )
    def post(self, request: Request, number: str, kind: str) -> Response:
        if kind not in NeedKind.values:
            raise Http404
        household = find_visible(Household, self.actor, number=number)
        form = read_form(Dismiss, request, actor=self.actor)
        missing.dismiss(household, by=self.actor, kind=kind, **form.given())
        return Response(status=204)


class AddNeedEndpoint(Endpoint):
    """A further need of an accepted matter."""

    access = access(POST=(Role.WINDOW,))

    @extend_schema(
        request=serializer_for(AddNeed, None, "Need"),
        responses={201: NeedSerializer},
        parameters=[SAFE_TO_REPEAT],
        operation_id="matter_need",
    )
    def post(self, request: Request, number: str) -> Response:
        matter = find_visible(Matter, self.actor, number=number)
        form = read_form(AddNeed, request, actor=self.actor, obj=matter)
        add = once(self.key, triage.add)
        need = add(by=self.actor, matter=matter, **form.given())
        return Response(NeedSerializer(need, context={"request": request}).data, status=201)


urlpatterns = [
    *resource(
        "matters",
        MatterSerializer,
        filters=("status", "urgent", "channel", "external_number"),
        lookup="number",
        joins=("household", "town"),
        many=("needs",),
        declared=access(GET=MATTER_ROLES),
    ),
    path("matters/<str:number>/needs", AddNeedEndpoint.as_view(), name="api-matter-need"),
    *resource(
        "needs",
        NeedSerializer,
        filters=("status", "kind", "body"),
        joins=("matter__household",),
        declared=access(GET=NEED_ROLES),
    ),
    path("needs/<int:pk>/candidates", Candidates.as_view(), name="api-need-candidates"),
    path("needs/<int:pk>/findings", Findings.as_view(), name="api-need-findings"),
    path("missing-help", MissingHelp.as_view(), name="api-missing-help"),
    path("missing-help/<str:number>/<slug:kind>", DismissGap.as_view(), name="api-missing-help-dismiss"),
    path("referrals/<str:number>/visit-code", SendVisitCode.as_view(), name="api-referral-visit-code"),
    path("referrals/<str:number>/replace", ReplaceEndpoint.as_view(), name="api-referral-replace"),
    *resource(
        "referrals",
        ReferralSerializer,
        filters=("status", "provider", "urgent"),
        lookup="number",
        joins=("offer__item", "provider", "need__matter", "call", "line__contract"),
        many=("goals", "visits"),
        declared=access(GET=REFERRAL_ROLES),
    ),
    *resource(
        "calls",
        CallSerializer,
        filters=("status", "mode"),
        joins=("need__matter",),
        declared=access(GET=WATCHERS),
    ),
    *resource(
        "handovers", HandoverSerializer, filters=("status",), joins=("matter",), declared=access(GET=WATCHERS)
    ),
    *resource(
        "complaints",
        ComplaintSerializer,
        filters=("status", "about"),
        joins=("household",),
        declared=access(GET=COMPLAINT_ROLES),
    ),
    *resource(
        "meetings",
        MeetingSerializer,
        filters=("status", "level"),
        lookup="number",
        many=("items__need__matter", "bodies"),
        declared=access(GET=MEETING_ROLES),
    ),
    *resource(
        "rematches",
        RematchSerializer,
        filters=("status", "provider"),
        joins=("provider",),
        declared=access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR)),
    ),
]
