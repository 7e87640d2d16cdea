"""API of one's own connections with the single sign-on, which are made in a browser alone."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base import Endpoint
from foundation.permissions import access
from foundation.roles import GIVES_MEMBERSHIPS, STAFF
from foundation.ui.views import find_visible
from organizations.factors.api import Own, PasswordBody
from organizations.people import helping
from organizations.people.models import User
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


class ConnectionsOfSomebody(Endpoint):
    """The connections of somebody whom an administrator may help."""

    access = access(GET=GIVES_MEMBERSHIPS)

    @extend_schema(responses=ConnectionBody(many=True), operation_id="people_connections")
    def get(self, request: Request, pk: int) -> Response:
        person = find_visible(User, self.actor, pk=pk)
        helping.require(person, self.actor)
        return Response(ConnectionBody(person.connections.all(), many=True).data)


class DisconnectSomebody(Endpoint):
    """Let a connection of somebody open nothing any more, which another may have made."""

    access = access(POST=GIVES_MEMBERSHIPS)

    @extend_schema(request=None, responses={204: None}, operation_id="people_disconnect")
    def post(self, request: Request, pk: int, connection: int) -> Response:
        person = find_visible(User, self.actor, pk=pk)
        connecting.disconnect(get_object_or_404(person.connections, pk=connection), by=self.actor)
        return Response(status=204)


urlpatterns = [
    path("connections", Connections.as_view(), name="api-connections"),
    path("connections/<int:pk>/disconnect", Disconnect.as_view(), name="api-connection-disconnect"),
    path("people/<int:pk>/connections", ConnectionsOfSomebody.as_view(), name="api-person-connections"),
    path(
        "people/<int:pk>/connections/<int:connection>/disconnect",
        DisconnectSomebody.as_view(),
        name="api-person-disconnect",
    ),
]
