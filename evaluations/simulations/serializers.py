"""API serializers of simulations."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from rest_framework import serializers

from evaluations.simulations.models import Simulation
from foundation.api.base import LifecycleSerializer


class SimulationSerializer(LifecycleSerializer):
    """A simulation; what it gives is told of one alone."""

    ALONE = MappingProxyType({"result": {}})

    result = serializers.SerializerMethodField()

    class Meta:
        model = Simulation
        fields = ("scheme", "round", "grades", "resamples", "seed", "result")

    def get_result(self, obj: Simulation) -> dict[str, Any]:
        """Grades, exits and payments together; each provider has its row under ``…/providers``."""
        return {name: value for name, value in obj.result.items() if name != "providers"}
