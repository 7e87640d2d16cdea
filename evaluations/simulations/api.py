"""API routes of simulations."""

from __future__ import annotations

from evaluations.simulations.serializers import SimulationSerializer
from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import OVERSEERS

urlpatterns = [
    *resource("simulations", SimulationSerializer, filters=("scheme",), declared=access(GET=OVERSEERS))
]
