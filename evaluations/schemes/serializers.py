"""API serializer of schemes."""

from __future__ import annotations

from evaluations.schemes.models import Scheme
from foundation.api.base import LifecycleSerializer


class SchemeSerializer(LifecycleSerializer):
    class Meta:
        model = Scheme
        fields = ("name", "indicators", "vetoes", "grades", "survey", "consequences")
