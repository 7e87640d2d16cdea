"""API of rules."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base import Endpoint, resource
from foundation.models import RuleVersion
from foundation.permissions import OVERSIGHT, access_to
from foundation.rules import effects, reading
from foundation.rules.serializers import RuleEffectSerializer, RuleSerializer, RuleVersionSerializer
from foundation.ui.views import find_visible


class RulesInForce(Endpoint):
    """Every rule that the city may set, as it applies now; version 0 is the default."""

    access = OVERSIGHT

    @extend_schema(responses=RuleSerializer(many=True), operation_id="rules_in_force")
    def get(self, request: Request) -> Response:
        return Response(RuleSerializer(reading.everything(), many=True).data)


class EffectOfVersion(Endpoint):
    """What a version would change of the rule in force, and what its parts would give: texts filled with invented
    examples, how much would be deleted. Of one that is decided, what it changed of the rule as it was then.
    """

    access = access_to(RuleVersion)

    @extend_schema(responses=RuleEffectSerializer, operation_id="rule_effect")
    def get(self, request: Request, pk: int) -> Response:
        version = find_visible(RuleVersion, self.actor, pk=pk)
        return Response(RuleEffectSerializer(effects.effect_of_version(version)).data)


urlpatterns = [
    path("rules/in-force", RulesInForce.as_view(), name="api-rules-in-force"),
    path("rules/<int:pk>/effect", EffectOfVersion.as_view(), name="api-rule-effect"),
    *resource("rules", RuleVersionSerializer, filters=("key", "status")),
]
