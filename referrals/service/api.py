"""The API of services: goals, visits, and visit codes."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base import Endpoint
from foundation.permissions import access
from foundation.roles import AT_A_SERVICE
from foundation.ui.views import find_visible
from referrals.offers.models import Referral
from referrals.service import confirming


class SendVisitCode(Endpoint):
    """Send the household a new code for the next visit; the one before becomes invalid."""

    access = access(POST=AT_A_SERVICE)

    @extend_schema(request=None, responses={204: None}, operation_id="referral_visit_code")
    def post(self, request: Request, number: str) -> Response:
        confirming.send_code(find_visible(Referral, self.actor, number=number), by=self.actor)
        return Response(status=204)


urlpatterns = [
    path("referrals/<str:number>/visit-code", SendVisitCode.as_view(), name="api-referral-visit-code")
]
