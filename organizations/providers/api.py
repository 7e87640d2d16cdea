"""API of providers."""

from foundation.api.base import resource
from organizations.providers.serializers import ProviderSerializer

urlpatterns = [
    *resource(
        "providers",
        ProviderSerializer,
        filters=("status", "nature"),
        joins=("organization",),
        many=("serves",),
    )
]
