"""The API of the difference between two editions."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.comparisons import comparing
from catalog.comparisons.serializers import DifferenceSerializer
from catalog.editions.models import Edition
from foundation.api.base import Endpoint
from foundation.permissions import SIGNED_IN, access
from foundation.ui.views import find_visible


class ShowDifference(Endpoint):
    """The difference between two editions, field by field; price changes in percent."""

    access = access(GET=SIGNED_IN)

    @extend_schema(responses=DifferenceSerializer, operation_id="edition_difference")
    def get(self, request: Request, older: int, newer: int) -> Response:
        first = find_visible(Edition, self.actor, pk=older)
        second = find_visible(Edition, self.actor, pk=newer)
        return Response(DifferenceSerializer(comparing.compare(first, second)).data)


urlpatterns = [
    path(
        "editions/<int:older>/difference/<int:newer>", ShowDifference.as_view(), name="api-edition-difference"
    )
]
