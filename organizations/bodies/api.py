"""API of bodies, windows, providers, committees and evaluation agencies."""

from foundation.api.base import resource
from organizations.bodies.serializers import OrganizationSerializer

urlpatterns = [*resource("organizations", OrganizationSerializer, filters=("status", "kind", "place"))]
