"""API routes of assessments."""

from __future__ import annotations

from evaluations.assessments.serializers import AssessmentSerializer
from evaluations.permissions import WITH_PROVIDERS
from foundation.api.base import resource

urlpatterns = [
    *resource(
        "assessments",
        AssessmentSerializer,
        filters=("status", "round", "provider"),
        joins=("round__scheme", "provider__organization"),
        many=("rulings", "consequences"),
        declared=WITH_PROVIDERS,
    )
]
