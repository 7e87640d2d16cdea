"""API of second homes."""

from __future__ import annotations

from foundation.api.base import resource
from foundation.permissions import access
from households.joining.serializers import JoiningSerializer
from households.register.views import WORKERS

urlpatterns = [
    *resource(
        "joinings",
        JoiningSerializer,
        filters=("status",),
        joins=("household", "person"),
        declared=access(GET=WORKERS),
    )
]
