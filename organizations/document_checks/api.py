"""API of checks of documents; they are made by the transitions of providers."""

from foundation.api.base import resource
from organizations.document_checks.serializers import DocumentCheckSerializer

urlpatterns = [*resource("document-checks", DocumentCheckSerializer, filters=("provider", "purpose"))]
