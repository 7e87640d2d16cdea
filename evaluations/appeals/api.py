"""API routes of appeals."""

from __future__ import annotations

from evaluations.appeals.serializers import AppealSerializer
from foundation.api.base import resource

urlpatterns = [
    *resource(
        "appeals",
        AppealSerializer,
        filters=("status", "assessment"),
        joins=("assessment__round__scheme", "assessment__provider"),
    )
]
