"""API of telephones and mail addresses of accounts: one's own, and those of somebody whom an administrator helps."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base import Endpoint, read_form
from foundation.api.described import serializer_for
from foundation.permissions import access
from foundation.roles import GIVES_MEMBERSHIPS, STAFF
from foundation.ui.views import find_visible
from organizations.contacts import keeping
from organizations.contacts.forms import ContactOfSomebody, OwnContactByProgram
from organizations.factors.api import Own
from organizations.people.models import User
from organizations.signing_in import passwords


class RegisteredBody(serializers.Serializer):
    """What is registered; the telephone is masked."""

    phone = serializers.CharField()
    email = serializers.CharField()


def _registered(person: User) -> Response:
    """The answer with what is registered now."""
    return Response({"phone": str(person.phone or ""), "email": person.email})


class OwnContact(Own):
    """One's own telephone and mail address; what a change leaves out stays, null or "" takes it away."""

    access = access(GET=STAFF, POST=STAFF)

    @extend_schema(responses=RegisteredBody, operation_id="contact_retrieve")
    def get(self, request: Request) -> Response:
        return _registered(self.person)

    @extend_schema(
        request=serializer_for(OwnContactByProgram, None, "OwnContact"),
        responses=RegisteredBody,
        operation_id="contact_change",
    )
    def post(self, request: Request) -> Response:
        form = read_form(OwnContactByProgram, request, actor=self.actor, obj=self.person)
        passwords.require_owner(request._request, self.person, form.cleaned_data["password"])
        return _registered(keeping.change(self.person, by=self.actor, **form.given()))


class ContactOfAPerson(Endpoint):
    """The telephone and the mail address of a person who cannot change them; what is left out stays."""

    access = access(POST=GIVES_MEMBERSHIPS)

    @extend_schema(
        request=serializer_for(ContactOfSomebody, None, "ContactOfAPerson"),
        responses=RegisteredBody,
        operation_id="people_contact",
    )
    def post(self, request: Request, pk: int) -> Response:
        person = find_visible(User, self.actor, pk=pk)
        form = read_form(ContactOfSomebody, request, actor=self.actor, obj=person)
        return _registered(keeping.help_with(person, by=self.actor, **form.given()))


urlpatterns = [
    path("contact", OwnContact.as_view(), name="api-contact"),
    path("people/<int:pk>/contact", ContactOfAPerson.as_view(), name="api-person-contact"),
]
