"""Places in the API."""

from foundation.api.base import LifecycleSerializer
from organizations.places.models import Place


class PlaceSerializer(LifecycleSerializer):
    """A place."""

    class Meta:
        model = Place
        fields = ("code", "name", "name_en", "kind", "parent", "zone", "latitude", "longitude")
