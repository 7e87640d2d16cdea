"""Second homes in the API."""

from __future__ import annotations

from rest_framework import serializers

from foundation.api.base import LifecycleSerializer, by_number
from households.joining.models import Joining


class JoiningSerializer(LifecycleSerializer):
    """A proposed second home; where the person counts is not disclosed."""

    household = by_number()
    person = serializers.CharField()

    class Meta:
        model = Joining
        fields = ("household", "person", "relation", "why")
