"""API serializers of appeals."""

from __future__ import annotations

from evaluations.appeals.models import Appeal
from foundation.api.base import LifecycleSerializer


class AppealSerializer(LifecycleSerializer):
    class Meta:
        model = Appeal
        fields = ("assessment", "key", "title", "text", "proposed", "answer")
