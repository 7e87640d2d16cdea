"""The lists in the API."""

from types import MappingProxyType

from foundation.api.base import LifecycleSerializer
from organizations.listings.models import Listing, ListingFile


class ListingSerializer(LifecycleSerializer):
    """An organization in one of the lists."""

    class Meta:
        model = Listing
        fields = ("credit_code", "name", "kind", "listed_on", "source", "removed_on")


class ListingFileSerializer(LifecycleSerializer):
    """A file; its rows are told as entries of the lists, once they are taken over."""

    ALONE = MappingProxyType({"refused": {}})

    class Meta:
        model = ListingFile
        fields = ("file_name", "source", "count", "done", "refused", "unread")
