"""API of places."""

from django.urls import path

from foundation.api.base import ListEndpoint
from organizations.places.models import Place
from organizations.places.serializers import PlaceSerializer


class Places(ListEndpoint):
    """City, zones, towns, streets and villages."""

    serializer_class = PlaceSerializer
    model = Place
    filterset_fields = ("kind", "parent", "zone")


urlpatterns = [path("places", Places.as_view(), name="api-places")]
