"""API of rules."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base import Endpoint, resource
from foundation.permissions import OVERSIGHT
from foundation.rules import reading
from foundation.rules.serializers import RuleSerializer, RuleVersionSerializer


class RulesInForce(Endpoint):
    """Every rule that the city may set, as it applies now; version 0 is the default."""

    access = OVERSIGHT

    @extend_schema(responses=RuleSerializer(many=True), operation_id="rules_in_force")
    def get(self, request: Request) -> Response:
        return Response(RuleSerializer(reading.everything(), many=True).data)


urlpatterns = [
    path("rules/in-force", RulesInForce.as_view(), name="api-rules-in-force"),
    *resource("rules", RuleVersionSerializer, filters=("key", "status")),
]
