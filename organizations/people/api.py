"""API of people and memberships."""

from django.urls import path

from foundation.api.base import DetailEndpoint, ListEndpoint, resource
from foundation.permissions import access_to
from organizations.people.models import User
from organizations.people.serializers import MembershipSerializer, PersonSerializer


class People(ListEndpoint):
    """The people of the staff that the reader sees."""

    access = access_to(User)
    serializer_class = PersonSerializer
    model = User
    filterset_fields = ("username", "is_active")


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
