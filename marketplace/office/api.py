"""Setting up a city in the API."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base import Endpoint
from foundation.city.models import City
from foundation.permissions import access
from foundation.roles import ANSWERS_FOR_THE_CITY
from marketplace.office.steps import steps


class StepSerializer(serializers.Serializer):
    """One step of setting up: whether it is done, what it lacks, and what holds now; ``by_default`` if nobody of the
    city has set anything of it.
    """

    key = serializers.CharField()
    title = serializers.CharField()
    needed = serializers.BooleanField()
    done = serializers.BooleanField()
    missing = serializers.ListField(child=serializers.CharField())
    holds = serializers.ListField(child=serializers.CharField())
    by_default = serializers.BooleanField()


class ShowSteps(Endpoint):
    """The steps of setting up the city, in their order; of the part of the city for programs with a scope."""

    access = access(GET=ANSWERS_FOR_THE_CITY)
    whole = City

    @extend_schema(responses=StepSerializer(many=True), operation_id="setup_steps")
    def get(self, request: Request) -> Response:
        return Response(StepSerializer(steps(), many=True).data)


urlpatterns = [path("setup", ShowSteps.as_view(), name="api-setup")]
