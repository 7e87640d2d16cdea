"""API of the inbox."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation import moments
from foundation.api.base import Endpoint, ListEndpoint
from foundation.inbox.models import Notice
from foundation.inbox.serializers import NoticeSerializer
from foundation.permissions import SIGNED_IN, access


class Notices(ListEndpoint):
    """Notices to the actor's role and place, newest first."""

    serializer_class = NoticeSerializer
    model = Notice


class ReadNotices(Endpoint):
    """Mark every notice as read."""

    access = access(POST=SIGNED_IN)

    @extend_schema(
        request=None, responses={204: OpenApiResponse(description="")}, operation_id="notices_read"
    )
    def post(self, request: Request) -> Response:
        Notice.objects.visible_to(self.actor).filter(read_at=None).update(read_at=moments.now())
        return Response(status=204)


urlpatterns = [
    path("notices", Notices.as_view(), name="api-notices"),
    path("notices/read", ReadNotices.as_view(), name="api-notices-read"),
]
