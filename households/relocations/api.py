"""API of relocations."""

from __future__ import annotations

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import WINDOW_AND_OVERSEERS
from households.relocations.serializers import RelocationSerializer

urlpatterns = [
    *resource(
        "relocations",
        RelocationSerializer,
        filters=("status",),
        joins=("household",),
        declared=access(GET=WINDOW_AND_OVERSEERS),
    )
]
