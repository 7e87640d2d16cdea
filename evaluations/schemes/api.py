"""API routes of schemes."""

from __future__ import annotations

from evaluations.permissions import WITH_PROVIDERS
from evaluations.schemes.serializers import SchemeSerializer
from foundation.api.base import resource

urlpatterns = [*resource("schemes", SchemeSerializer, filters=("status",), declared=WITH_PROVIDERS)]
