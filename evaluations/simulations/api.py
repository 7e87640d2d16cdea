"""API routes of simulations."""

from __future__ import annotations

from evaluations.simulations.serializers import SimulationSerializer
from foundation.api.base import resource

urlpatterns = [*resource("simulations", SimulationSerializer, filters=("scheme",))]
