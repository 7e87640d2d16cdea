"""API of relocations."""

from __future__ import annotations

from foundation.api.base import resource
from households.relocations.serializers import RelocationSerializer

urlpatterns = [*resource("relocations", RelocationSerializer, filters=("status",), joins=("household",))]
