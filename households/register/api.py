"""API of households."""

from __future__ import annotations

from foundation.api.base import resource
from households.register.serializers import HouseholdSerializer

urlpatterns = [
    *resource(
        "households", HouseholdSerializer, filters=("category", "town", "place", "status"), lookup="number"
    )
]
