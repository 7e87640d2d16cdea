"""API of second homes."""

from __future__ import annotations

from foundation.api.base import resource
from households.joining.serializers import JoiningSerializer

urlpatterns = [*resource("joinings", JoiningSerializer, filters=("status",), joins=("household", "person"))]
