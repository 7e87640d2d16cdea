"""What the API tells of evaluations."""

from __future__ import annotations

from evaluations.exit_appeals.models import ExitAppeal
from foundation.api.base import LivedSerializer


class ExitAppealSerializer(LivedSerializer):
    class Meta:
        model = ExitAppeal
        fields = ("exit", "text", "answer")
