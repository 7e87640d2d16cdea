"""API routes of simulations."""

from __future__ import annotations

from evaluations.permissions import OVERSEERS
from evaluations.simulations.serializers import SimulationSerializer
from foundation.api.base import resource

urlpatterns = [*resource("simulations", SimulationSerializer, filters=("scheme",), declared=OVERSEERS)]
