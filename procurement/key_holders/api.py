"""The API of key holders."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import READS_KEY_SEATS
from procurement.key_holders.serializers import KeyHolderSerializer

urlpatterns = [
    *resource(
        "key-seats",
        KeyHolderSerializer,
        filters=("status", "project"),
        joins=("project",),
        declared=access(GET=READS_KEY_SEATS),
    )
]
