"""API routes of early-warning signals."""

from __future__ import annotations

from evaluations.warnings.serializers import SignalSerializer
from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import JUDGES_AND_JUDGED

urlpatterns = [
    *resource(
        "signals",
        SignalSerializer,
        filters=("status", "provider", "measure"),
        joins=("provider",),
        declared=access(GET=JUDGES_AND_JUDGED),
    )
]
