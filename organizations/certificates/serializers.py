"""Certificates in the API."""

from foundation.api.base import LifecycleSerializer
from organizations.certificates.models import Certificate


class CertificateSerializer(LifecycleSerializer):
    """A certificate without its file."""

    class Meta:
        model = Certificate
        fields = ("provider", "kind", "number", "issuer", "valid_until")
