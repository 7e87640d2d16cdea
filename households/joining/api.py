"""API of second homes."""

from __future__ import annotations

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import WINDOW_AND_OVERSEERS
from households.joining.serializers import JoiningSerializer

urlpatterns = [
    *resource(
        "joinings",
        JoiningSerializer,
        filters=("status",),
        joins=("household", "person"),
        declared=access(GET=WINDOW_AND_OVERSEERS),
    )
]
