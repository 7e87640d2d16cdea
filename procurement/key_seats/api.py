"""The API of key holders."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import Role
from procurement.key_seats.serializers import KeySeatSerializer
from procurement.permissions import BUYING

HOLDERS = access(GET=(*BUYING, Role.HANDLER))


urlpatterns = [
    *resource(
        "key-seats", KeySeatSerializer, filters=("status", "project"), joins=("project",), declared=HOLDERS
    )
]
