"""API serializers of appeals against an exit."""

from __future__ import annotations

from evaluations.exit_appeals.models import ExitAppeal
from foundation.api.base import LifecycleSerializer


class ExitAppealSerializer(LifecycleSerializer):
    class Meta:
        model = ExitAppeal
        fields = ("exit", "text", "answer")
