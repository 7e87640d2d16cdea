from __future__ import annotations

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer, by_number
from households.joining.models import Joining


class JoiningSerializer(LifecycleSerializer):
    """A second home asked for; where the person counts is not said."""

    household = by_number()
    person = serializers.CharField()

    class Meta:
        model = Joining
        fields = ("household", "person", "relation", "why")
