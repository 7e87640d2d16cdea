"""API of the lists."""

from foundation.api.base import resource
from organizations.listings.serializers import ListingFileSerializer, ListingSerializer

urlpatterns = [
    *resource("listings", ListingSerializer, filters=("credit_code", "kind", "status")),
    *resource("listing-files", ListingFileSerializer, filters=("status",)),
]
