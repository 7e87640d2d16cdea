from foundation.api.base import LivedSerializer
from organizations.responsibilities.models import Duty


class DutySerializer(LivedSerializer):
    class Meta:
        model = Duty
        fields = ("organization", "need_kind", "text", "basis", "valid_from", "valid_to")
