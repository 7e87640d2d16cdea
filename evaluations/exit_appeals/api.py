"""API routes of appeals against an exit."""

from __future__ import annotations

from evaluations.exit_appeals.serializers import ExitAppealSerializer
from foundation.api.base import resource

urlpatterns = [
    *resource("exit-appeals", ExitAppealSerializer, filters=("status",), joins=("exit__provider",))
]
