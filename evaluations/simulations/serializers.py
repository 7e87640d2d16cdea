"""What the API tells of evaluations."""

from __future__ import annotations

from evaluations.simulations.models import Simulation
from foundation.api.base import LivedSerializer


class SimulationSerializer(LivedSerializer):
    class Meta:
        model = Simulation
        fields = ("scheme", "round", "grades", "resamples", "seed", "result")
