"""API of people and memberships."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base import DetailEndpoint, ListEndpoint, resource
from foundation.forms.typed import line, whole_number
from foundation.permissions import access_to
from foundation.roles import Role
from foundation.ui.views import visible
from organizations.people.models import Membership, User
from organizations.people.seeking import narrowed
from organizations.people.serializers import MembershipSerializer, PersonSerializer


class People(ListEndpoint):
    """The people of the staff that the reader sees: found by a part of the name, the user name, or what they work for
    (``q``), and narrowed to a role or an organization of what they hold from today on.
    """

    access = access_to(User)
    serializer_class = PersonSerializer
    model = User
    filterset_fields = ("username", "is_active")
    further_filters = ("q", "role", "organization")

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str),
            OpenApiParameter("role", str, enum=Role.values),
            OpenApiParameter("organization", int),
        ]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def seen(self) -> QuerySet[User]:
        """Raises ``ValidationError`` for what is no role, and for what is no number."""
        asked = self.request.query_params
        role, organization = asked.get("role", ""), asked.get("organization", "")
        faults = {}
        if role and role not in Role.values:
            faults["role"] = [_("没有这个身份。")]
        if organization and whole_number(organization) is None:
            faults["organization"] = [_("应是编号。")]
        if faults:
            raise exceptions.ValidationError(faults)
        return narrowed(
            super().seen(),
            visible(Membership, self.actor).from_today(),
            asked=line(asked.get("q", ""))[:40],
            role=role,
            organization=whole_number(organization),
        )


class ShowPerson(DetailEndpoint):
    """One person of the staff."""

    access = access_to(User)
    serializer_class = PersonSerializer
    model = User
    lookup_field = "pk"


urlpatterns = [
    path("people", People.as_view(), name="api-people"),
    path("people/<int:pk>", ShowPerson.as_view(), name="api-person"),
    *resource(
        "memberships",
        MembershipSerializer,
        filters=("status", "role", "user", "organization", "place"),
        joins=("user", "organization", "place"),
    ),
]
