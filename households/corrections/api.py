"""API of corrections of identity numbers."""

from __future__ import annotations

from foundation.api.base import resource
from households.corrections.serializers import CorrectionSerializer

urlpatterns = [*resource("corrections", CorrectionSerializer, filters=("status",), joins=("household",))]
