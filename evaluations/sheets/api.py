"""API routes of score sheets."""

from __future__ import annotations

from evaluations.sheets.serializers import SheetSerializer
from foundation.api.base import resource

urlpatterns = [
    *resource(
        "sheets", SheetSerializer, filters=("status", "assessment"), joins=("assessment__round__scheme",)
    )
]
