"""Places in the API."""

from rest_framework import serializers

from organizations.places.models import Place


class PlaceSerializer(serializers.ModelSerializer):
    """A place."""

    class Meta:
        model = Place
        fields = ("id", "code", "name", "name_en", "kind", "parent", "zone", "latitude", "longitude")
