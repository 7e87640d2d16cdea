"""Documents in the API."""

from __future__ import annotations

from rest_framework import serializers

from foundation.documents.models import Document


class DocumentSerializer(serializers.ModelSerializer):
    """A document and its progress, without its content."""

    class Meta:
        model = Document
        fields = ("code", "kind", "title", "status", "progress", "pages", "sha256", "created_at", "ready_at")
