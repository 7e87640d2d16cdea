"""Checks of documents in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.api.base import DisclosedSerializer
from organizations.document_checks.items import called
from organizations.document_checks.models import DocumentCheck


class DocumentCheckSerializer(DisclosedSerializer):
    """One check, as it was found; its items are called as the reader's language calls them."""

    findings = serializers.SerializerMethodField()

    class Meta:
        model = DocumentCheck
        fields = ("id", "provider", "purpose", "checked_by", "checked_at", "findings", "returned")

    @extend_schema_field(serializers.JSONField)
    def get_findings(self, check: DocumentCheck) -> list[dict[str, Any]]:
        """The findings, each with what its item is called."""
        return [{**one, "label": called(one)} for one in check.findings]
