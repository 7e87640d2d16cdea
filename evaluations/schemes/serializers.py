"""API serializer of schemes."""

from __future__ import annotations

from types import MappingProxyType

from evaluations.schemes.models import Scheme
from foundation.api.base import LifecycleSerializer


class SchemeSerializer(LifecycleSerializer):
    ALONE = MappingProxyType({"indicators": [], "vetoes": [], "survey": {}, "consequences": {}})

    class Meta:
        model = Scheme
        fields = ("name", "indicators", "vetoes", "grades", "survey", "consequences")
