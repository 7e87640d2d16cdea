"""API routes of appeals against an exit."""

from __future__ import annotations

from evaluations.exit_appeals.serializers import ExitAppealSerializer
from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import PROVIDERS_AND_OVERSEERS

urlpatterns = [
    *resource(
        "exit-appeals",
        ExitAppealSerializer,
        filters=("status",),
        joins=("exit__provider",),
        declared=access(GET=PROVIDERS_AND_OVERSEERS),
    )
]
