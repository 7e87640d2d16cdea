"""API of corrections of identity numbers."""

from __future__ import annotations

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import WINDOW_AND_OVERSEERS
from households.corrections.serializers import CorrectionSerializer

urlpatterns = [
    *resource(
        "corrections",
        CorrectionSerializer,
        filters=("status",),
        joins=("household",),
        declared=access(GET=WINDOW_AND_OVERSEERS),
    )
]
