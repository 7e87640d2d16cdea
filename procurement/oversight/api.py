"""The API of red flags."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base import Endpoint
from foundation.permissions import access
from foundation.roles import SEES_MONEY
from procurement.oversight import red_flags
from procurement.oversight.serializers import FlagBody


class RedFlags(Endpoint):
    """Every red flag in the present data, with its rule and evidence."""

    access = access(GET=SEES_MONEY)

    @extend_schema(responses=FlagBody(many=True), operation_id="red_flags")
    def get(self, request: Request) -> Response:
        return Response(FlagBody(red_flags.found(), many=True).data)


urlpatterns = [path("red-flags", RedFlags.as_view(), name="api-red-flags")]
