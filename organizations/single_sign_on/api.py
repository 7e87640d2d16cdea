"""API of one's own connections with the single sign-on, which are made in a browser alone."""

from __future__ import annotations

from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.permissions import access
from foundation.roles import STAFF
from organizations.factors.api import Own, PasswordBody
from organizations.single_sign_on import connecting
from organizations.single_sign_on.models import Connection


class ConnectionBody(serializers.Serializer):
    """A connection of one's own."""

    id = serializers.IntegerField(source="pk")
    issuer = serializers.CharField()
    connected_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)


class Connections(Own):
    """One's own connections."""

    access = access(GET=STAFF)

    @extend_schema(responses=ConnectionBody(many=True), operation_id="connections_list")
    def get(self, request: Request) -> Response:
        return Response(ConnectionBody(Connection.objects.filter(user=self.person), many=True).data)


class Disconnect(Own):
    """Let one of one's own connections open nothing any more."""

    access = access(POST=STAFF)

    @extend_schema(request=PasswordBody, responses={204: None}, operation_id="connections_disconnect")
    def post(self, request: Request, pk: int) -> Response:
        self.confirmed(PasswordBody)
        connection = Connection.objects.filter(user=self.person, pk=pk).first()
        if connection is None:
            raise Http404
        connecting.disconnect(connection, by=self.actor)
        return Response(status=204)


urlpatterns = [
    path("connections", Connections.as_view(), name="api-connections"),
    path("connections/<int:pk>/disconnect", Disconnect.as_view(), name="api-connection-disconnect"),
]
