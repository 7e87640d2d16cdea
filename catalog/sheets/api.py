"""The API of imported catalog files."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.sheets import previewing
from catalog.sheets.models import Import
from catalog.sheets.serializers import ImportSerializer, PreviewSerializer
from foundation.api.base import Endpoint, resource
from foundation.permissions import access
from foundation.roles import OVERSEERS
from foundation.ui.views import find_visible


class ShowPreview(Endpoint):
    """What each row of an uploaded file would do to the draft."""

    access = access(GET=OVERSEERS)

    @extend_schema(responses=PreviewSerializer, operation_id="import_preview")
    def get(self, request: Request, pk: int) -> Response:
        waiting = find_visible(Import, self.actor, pk=pk)
        return Response(PreviewSerializer(previewing.preview(waiting)).data)


urlpatterns = [
    path("imports/<int:pk>/preview", ShowPreview.as_view(), name="api-import-preview"),
    *resource("imports", ImportSerializer, filters=("edition", "status")),
]
