"""API of the city."""

from foundation.api.base import resource
from foundation.city.serializers import CitySerializer

urlpatterns = [*resource("city", CitySerializer, filters=("status",))]
