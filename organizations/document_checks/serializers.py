"""Checks of documents in the API."""

from foundation.api.base import DisclosedSerializer
from organizations.document_checks.models import DocumentCheck


class DocumentCheckSerializer(DisclosedSerializer):
    """One check, as it was found."""

    class Meta:
        model = DocumentCheck
        fields = ("id", "provider", "purpose", "checked_by", "checked_at", "findings", "returned")
