"""API of certificates."""

from foundation.api.base import resource
from organizations.certificates.serializers import CertificateSerializer

urlpatterns = [
    *resource(
        "certificates",
        CertificateSerializer,
        filters=("provider", "kind", "status"),
        joins=("provider__organization",),
    )
]
