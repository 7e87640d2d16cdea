"""API of households."""

from __future__ import annotations

from django.db.models import Prefetch

from foundation.api.base import resource
from households.help_received import helping
from households.register.serializers import HouseholdSerializer

urlpatterns = [
    *resource(
        "households",
        HouseholdSerializer,
        filters=("category", "town", "place", "status"),
        lookup="number",
        many=(
            "members__person",
            "consents",
            Prefetch("help_received", helping.lines_shown().select_related("giver"), "lines"),
        ),
    )
]
