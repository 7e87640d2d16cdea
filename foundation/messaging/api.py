"""API of text messages that were not delivered."""

from __future__ import annotations

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base import Endpoint, ListEndpoint
from foundation.messaging import sending
from foundation.messaging.models import Message
from foundation.messaging.serializers import UndeliveredSerializer
from foundation.permissions import access
from foundation.roles import Role
from foundation.ui.views import find_visible


class Undelivered(ListEndpoint):
    """Text messages that no gateway took within a day, without their text."""

    access = access(GET=(Role.CIVIL_AFFAIRS,))
    serializer_class = UndeliveredSerializer
    model = Message
    filterset_fields = ("about",)

    def get_queryset(self) -> Any:
        found: Any = super().get_queryset()
        return found.given_up_lately_first()


class SendAgain(Endpoint):
    """Try an undelivered text message again for a day."""

    access = access(POST=(Role.CIVIL_AFFAIRS,))

    @extend_schema(request=None, responses=UndeliveredSerializer, operation_id="message_send_again")
    def post(self, request: Request, pk: int) -> Response:
        message = find_visible(Message, self.actor, pk=pk)
        return Response(UndeliveredSerializer(sending.send_again(message, by=self.actor)).data)


urlpatterns = [
    path("messages/undelivered", Undelivered.as_view(), name="api-undelivered"),
    path("messages/<int:pk>/send-again", SendAgain.as_view(), name="api-send-again"),
]
