"""The API of simulations: each as a whole, and what it gives to every provider."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evaluations.simulations.models import Simulation
from evaluations.simulations.serializers import SimulationSerializer
from foundation.api.base import Endpoint, resource
from foundation.api.defaults import Paging, unknown_filters
from foundation.permissions import access_to
from foundation.ui.pagination import in_order
from foundation.ui.views import find_visible

PROVIDERS = inline_serializer(
    "SimulatedProviders",
    {
        "next": serializers.CharField(allow_null=True),
        "results": serializers.ListField(child=serializers.DictField()),
    },
)


class Providers(Endpoint):
    """What a simulation gives to every provider, page by page."""

    access = access_to(Simulation)

    @extend_schema(
        operation_id="simulation_providers",
        parameters=[OpenApiParameter("from", int, description="the position of the first one")],
        responses=PROVIDERS,
    )
    def get(self, request: Request, pk: int) -> Response:
        unknown_filters(request, ("from",))
        found = find_visible(Simulation, self.actor, pk=pk)
        page = in_order(found.result["providers"], request._request, most=Paging.page_size)
        following = request.build_absolute_uri(page.older) if page.older else None
        return Response({"next": following, "results": page.rows})


urlpatterns = [
    *resource("simulations", SimulationSerializer, filters=("scheme",)),
    path("simulations/<int:pk>/providers", Providers.as_view(), name="api-simulation-providers"),
]
