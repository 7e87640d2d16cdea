"""API of lists of places, bodies or windows."""

from foundation.api.base import resource
from organizations.city_lists.serializers import CityListSerializer

urlpatterns = [*resource("city-lists", CityListSerializer, filters=("status", "kind"))]
