"""API routes of exits."""

from __future__ import annotations

from evaluations.exits.serializers import ExitSerializer
from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import PROVIDERS_MONEY_AND_EXPERTS

urlpatterns = [
    *resource(
        "exits",
        ExitSerializer,
        filters=("status", "cause", "provider"),
        joins=("provider",),
        declared=access(GET=PROVIDERS_MONEY_AND_EXPERTS),
    )
]
