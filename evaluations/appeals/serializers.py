"""What the API tells of evaluations."""

from __future__ import annotations

from evaluations.appeals.models import Appeal
from foundation.api.base import LivedSerializer


class AppealSerializer(LivedSerializer):
    class Meta:
        model = Appeal
        fields = ("assessment", "key", "title", "text", "proposed", "answer")
