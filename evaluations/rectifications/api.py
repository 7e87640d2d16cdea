"""API routes of rectifications."""

from __future__ import annotations

from evaluations.rectifications.serializers import RectificationSerializer
from foundation.api.base import resource

urlpatterns = [
    *resource("rectifications", RectificationSerializer, filters=("status", "provider"), joins=("provider",))
]
