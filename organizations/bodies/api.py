"""API of organizations."""

from django.urls import path

from foundation.api.base import ListEndpoint
from organizations.bodies.models import Organization
from organizations.bodies.serializers import OrganizationSerializer


class Organizations(ListEndpoint):
    """Bodies, windows, providers, committees and evaluation agencies."""

    serializer_class = OrganizationSerializer
    model = Organization
    filterset_fields = ("kind", "place")


urlpatterns = [path("organizations", Organizations.as_view(), name="api-organizations")]
