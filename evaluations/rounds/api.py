"""API routes of rounds."""

from __future__ import annotations

from evaluations.permissions import WITH_PROVIDERS
from evaluations.rounds.serializers import RoundSerializer
from foundation.api.base import resource

urlpatterns = [
    *resource("rounds", RoundSerializer, filters=("status",), joins=("scheme",), declared=WITH_PROVIDERS)
]
