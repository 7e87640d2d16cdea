"""Serializers of key holders."""

from foundation.api.base import LifecycleSerializer
from procurement.key_holders.models import KeyHolder


class KeyHolderSerializer(LifecycleSerializer):
    class Meta:
        model = KeyHolder
        fields = ("project", "person", "organization", "number")
