"""API routes of appeals."""

from __future__ import annotations

from evaluations.appeals.serializers import AppealSerializer
from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import JUDGES_AND_JUDGED

urlpatterns = [
    *resource(
        "appeals",
        AppealSerializer,
        filters=("status", "assessment"),
        joins=("assessment__round__scheme", "assessment__provider"),
        declared=access(GET=JUDGES_AND_JUDGED),
    )
]
