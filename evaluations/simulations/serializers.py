"""API serializers of simulations."""

from __future__ import annotations

from evaluations.simulations.models import Simulation
from foundation.api.base import LifecycleSerializer


class SimulationSerializer(LifecycleSerializer):
    class Meta:
        model = Simulation
        fields = ("scheme", "round", "grades", "resamples", "seed", "result")
