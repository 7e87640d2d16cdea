"""The API of needs: findings against helping, missing help, and adding a need."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base import SAFE_TO_REPEAT, Endpoint, ListEndpoint, PartsEndpoint, read_form, resource
from foundation.api.defaults import LongestFirst
from foundation.api.described import serializer_for
from foundation.api.lists import parts_of
from foundation.lifecycle.acting import once
from foundation.permissions import access, access_to
from foundation.roles import IN_CHARGE, SEES_ROUTING, Role
from foundation.ui.views import find_visible
from households.register.models import Household
from organizations.responsibilities.need_kinds import NeedKind
from referrals.matters.models import Matter
from referrals.matters.serializers import MatterSerializer
from referrals.needs import checks, missing, routing, triage
from referrals.needs.forms import AddNeed, Dismiss
from referrals.needs.models import MissingHelp as Found
from referrals.needs.models import Need
from referrals.needs.serializers import FindingSerializer, GapSerializer, NeedSerializer, RoutingSerializer
from referrals.permissions import READS_FINDINGS


class Findings(Endpoint):
    """What the checks find against helping a need (duplicate, excess, overlap), and what was set aside."""

    access = access(GET={party.role for party in READS_FINDINGS})

    @extend_schema(responses=FindingSerializer(many=True), operation_id="need_findings")
    def get(self, request: Request, pk: int) -> Response:
        need = find_visible(Need, self.actor, pk=pk)
        return Response(FindingSerializer(checks.shown_to(self.actor, need), many=True).data)


class ShowRouting(Endpoint):
    """Where each kind of need goes that the city takes: bodies in charge today, services, or nobody."""

    access = access(GET=SEES_ROUTING)

    @extend_schema(responses=RoutingSerializer(many=True), operation_id="needs_routing")
    def get(self, request: Request) -> Response:
        return Response(RoutingSerializer(routing.routings(), many=True).data)


class MissingHelp(ListEndpoint):
    """Households for which help seems to be missing, with the reason."""

    access = access(GET=IN_CHARGE)
    serializer_class = GapSerializer
    model = Found

    def seen(self) -> QuerySet[Found]:
        return missing.found(self.actor)

    def as_shown(self, rows: Sequence[Found]) -> Sequence[missing.Gap]:
        return missing.in_words(rows)


class WaitingNeeds(ListEndpoint):
    """Needs for which nobody has been asked for too long, the longest waiting first."""

    access = access(GET=IN_CHARGE)
    serializer_class = GapSerializer
    pagination_class = LongestFirst
    model = Need

    def seen(self) -> QuerySet[Need]:
        return missing.waiting(self.actor)

    def as_shown(self, rows: Sequence[Need]) -> Sequence[missing.Gap]:
        return missing.waiting_in_words(rows)


class DismissGap(Endpoint):
    """Say why a household does not need the help that seems to be missing."""

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


class NeedsOfMatter(PartsEndpoint):
    """The needs of a matter, newest first; a further one of an accepted matter."""

    access = access_to(Matter, POST=(Role.WINDOW,))
    whole = Matter
    lookup_field = "number"
    parts = parts_of(MatterSerializer)["needs"]
    model = Need
    serializer_class = NeedSerializer

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
    path("matters/<str:number>/needs", NeedsOfMatter.as_view(), name="api-matter-need"),
    *resource("needs", NeedSerializer, filters=("status", "kind", "body"), joins=("matter__household",)),
    path("needs/<int:pk>/findings", Findings.as_view(), name="api-need-findings"),
    path("needs/routing", ShowRouting.as_view(), name="api-needs-routing"),
    path("missing-help", MissingHelp.as_view(), name="api-missing-help"),
    path("missing-help/waiting", WaitingNeeds.as_view(), name="api-missing-help-waiting"),
    path("missing-help/<str:number>/<slug:kind>", DismissGap.as_view(), name="api-missing-help-dismiss"),
]
