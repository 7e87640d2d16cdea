"""The API of key holders."""

from foundation.api.base import resource
from procurement.key_holders.serializers import KeyHolderSerializer

urlpatterns = [*resource("key-seats", KeyHolderSerializer, filters=("status", "project"), joins=("project",))]
