"""The API of matching: the candidates of a need, sending it, and replacing a provider."""

from urllib.parse import urlencode

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base import SAFE_TO_REPEAT, Endpoint, read_form
from foundation.api.defaults import unknown_filters
from foundation.api.described import serializer_for
from foundation.forms.typed import whole_number
from foundation.permissions import access
from foundation.roles import Role
from foundation.ui.pagination import LAST_POSITION
from foundation.ui.views import find_visible
from referrals.matching import ranking
from referrals.matching.ranking import Slice
from referrals.matching.serializers import RankingSerializer
from referrals.needs.models import Need
from referrals.offers import offering
from referrals.offers.forms import Replace, SendReferral
from referrals.offers.models import Referral
from referrals.offers.serializers import ReferralSerializer
from referrals.requests import sending

#: How many candidates of each sort a page holds.
MOST = 20


class Candidates(Endpoint):
    """The candidates for a need, a page of each sort at a time, and sending it to one of them or to several
    (``mode``).
    """

    access = access(GET=(Role.WINDOW,), POST=(Role.WINDOW,))

    @extend_schema(
        responses=RankingSerializer,
        parameters=[
            OpenApiParameter("from", int, description="The position behind which the page begins."),
            OpenApiParameter("named", str, description="A part of the name of the provider or item."),
        ],
        operation_id="need_candidates",
    )
    def get(self, request: Request, pk: int) -> Response:
        need = find_visible(Need.objects.select_related(*ranking.RANKED_WITH), self.actor, pk=pk)
        unknown_filters(request, ("from", "named"))
        behind = min(whole_number(request.query_params.get("from", "")) or 0, LAST_POSITION)
        named = request.query_params.get("named", "").replace("\0", "")
        found = ranking.first(need, Slice(MOST, behind=behind, named=named))
        more = max(found.candidates_total, found.excluded_total) > behind + MOST
        query = {"from": behind + MOST} | ({"named": named} if named else {})
        following = request.build_absolute_uri(f"?{urlencode(query)}") if more else None
        return Response(RankingSerializer({**vars(found), "next": following}).data)

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
    """Ask another provider to take a running service over; it goes on until that one accepts."""

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


urlpatterns = [
    path("needs/<int:pk>/candidates", Candidates.as_view(), name="api-need-candidates"),
    path("referrals/<str:number>/replace", ReplaceEndpoint.as_view(), name="api-referral-replace"),
]
