"""API routes of assessments."""

from __future__ import annotations

from evaluations.assessments.serializers import AssessmentSerializer
from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import JUDGES_AND_JUDGED

urlpatterns = [
    *resource(
        "assessments",
        AssessmentSerializer,
        filters=("status", "round", "provider"),
        joins=("round__scheme", "provider__organization"),
        declared=access(GET=JUDGES_AND_JUDGED),
    )
]
