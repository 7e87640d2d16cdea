"""API of places: the city, zones, towns, streets and villages."""

from foundation.api.base import resource
from organizations.places.serializers import PlaceSerializer

urlpatterns = [*resource("places", PlaceSerializer, filters=("status", "kind", "parent", "zone"))]
