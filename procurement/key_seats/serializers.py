"""Serializers of key holders."""

from foundation.api.base import LifecycleSerializer
from procurement.key_seats.models import KeyHolder


class KeySeatSerializer(LifecycleSerializer):
    class Meta:
        model = KeyHolder
        fields = ("project", "person", "organization", "number")
