"""API routes of exits."""

from __future__ import annotations

from evaluations.exits.serializers import ExitSerializer
from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import READS_BIDS

urlpatterns = [
    *resource(
        "exits",
        ExitSerializer,
        filters=("status", "cause", "provider"),
        joins=("provider",),
        many=("votes",),
        declared=access(GET=READS_BIDS),
    )
]
