"""API routes of exits."""

from __future__ import annotations

from evaluations.exits.serializers import ExitSerializer
from evaluations.permissions import WITH_FINANCE
from foundation.api.base import resource

urlpatterns = [
    *resource(
        "exits",
        ExitSerializer,
        filters=("status", "cause", "provider"),
        joins=("provider",),
        many=("votes",),
        declared=WITH_FINANCE,
    )
]
