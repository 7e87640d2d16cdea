"""Responsibilities in the API."""

from foundation.api.base import LifecycleSerializer
from organizations.responsibilities.models import Responsibility


class DutySerializer(LifecycleSerializer):
    """A responsibility of a body."""

    class Meta:
        model = Responsibility
        fields = ("organization", "need_kind", "text", "basis", "valid_from", "valid_to")
