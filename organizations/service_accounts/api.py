"""API of service accounts."""

from foundation.api.base import resource
from organizations.service_accounts.serializers import ServiceAccountSerializer

urlpatterns = [
    *resource(
        "service-accounts",
        ServiceAccountSerializer,
        filters=("status", "membership"),
        joins=("membership__organization",),
    )
]
