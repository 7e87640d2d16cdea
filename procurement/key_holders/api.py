"""The API of key holders."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import Role
from procurement.key_holders.serializers import KeyHolderSerializer
from procurement.permissions import BUYING

HOLDERS = access(GET=(*BUYING, Role.HANDLER))


urlpatterns = [
    *resource(
        "key-seats", KeyHolderSerializer, filters=("status", "project"), joins=("project",), declared=HOLDERS
    )
]
