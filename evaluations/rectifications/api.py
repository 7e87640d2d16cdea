"""API routes of rectifications."""

from __future__ import annotations

from evaluations.rectifications.serializers import RectificationSerializer
from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import JUDGES_AND_JUDGED

urlpatterns = [
    *resource(
        "rectifications",
        RectificationSerializer,
        filters=("status", "provider"),
        joins=("provider",),
        declared=access(GET=JUDGES_AND_JUDGED),
    )
]
