"""Lists of places, bodies or windows in the API."""

from __future__ import annotations

from types import MappingProxyType

from foundation.api.base import LifecycleSerializer
from organizations.city_lists.models import CityList


class CityListSerializer(LifecycleSerializer):
    """A list; ``shown`` says of each row what becomes of it."""

    ALONE = MappingProxyType({"shown": []})

    class Meta:
        model = CityList
        fields = ("kind", "file_name", "new", "changed", "unchanged", "shown")
