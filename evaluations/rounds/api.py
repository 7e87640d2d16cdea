"""API routes of rounds."""

from __future__ import annotations

from evaluations.rounds.serializers import RoundSerializer
from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import JUDGES_AND_JUDGED

urlpatterns = [
    *resource(
        "rounds",
        RoundSerializer,
        filters=("status",),
        joins=("scheme",),
        declared=access(GET=JUDGES_AND_JUDGED),
    )
]
