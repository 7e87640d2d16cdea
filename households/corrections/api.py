"""API of corrections of identity numbers."""

from __future__ import annotations

from foundation.api.base import resource
from foundation.permissions import access
from households.corrections.serializers import CorrectionSerializer
from households.register.views import WORKERS

urlpatterns = [
    *resource(
        "corrections",
        CorrectionSerializer,
        filters=("status",),
        joins=("household",),
        declared=access(GET=WORKERS),
    )
]
