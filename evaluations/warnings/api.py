"""API routes of early-warning signals."""

from __future__ import annotations

from evaluations.warnings.serializers import SignalSerializer
from foundation.api.base import resource

urlpatterns = [
    *resource("signals", SignalSerializer, filters=("status", "provider", "measure"), joins=("provider",))
]
