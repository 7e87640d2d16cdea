"""API of invitations: those that administrators send, and what whoever holds a link does with it."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api import bodies
from foundation.api.base import Endpoint, read_form, resource
from foundation.api.described import serializer_for
from foundation.permissions import ANYONE, access
from foundation.refusals import NotNow
from organizations.invitations import codes, forgetting, joining
from organizations.invitations.forms import Forgotten, JoinByCode, NewPasswordByCode
from organizations.invitations.models import Invitation
from organizations.invitations.serializers import InvitationSerializer
from organizations.invitations.states import BASIS, Purpose
from organizations.signing_in import passwords


class JoinedByInvitation(serializers.Serializer):
    """The account that was made."""

    username = serializers.CharField()


def _invitation(request: Request, purpose: Purpose) -> Invitation:
    """The invitation of the code in the body; raises ``NotNow`` for one that is over, or is for something else."""
    found = codes.read(str(bodies.object_in(request).get("code", "")))
    if found.purpose != purpose:
        raise NotNow(_("这个链接不是用来做这件事的。"), rule=BASIS)
    return found


def _once(request: Request) -> dict[str, object]:
    """The password that a program sends once and a person types twice."""
    return {"again": bodies.object_in(request).get("password", "")}


class JoinByProgram(Endpoint):
    """Make the account of somebody who was invited, with the code of the link or letter."""

    access = access(POST=ANYONE)
    authentication_classes = ()

    @extend_schema(
        request=serializer_for(JoinByCode, None, "JoiningByInvitation"),
        responses={201: JoinedByInvitation},
        operation_id="invitations_join",
    )
    def post(self, request: Request) -> Response:
        invitation = _invitation(request, Purpose.JOIN)
        given = read_form(JoinByCode, request, base=_once(request), obj=invitation).cleaned_data
        person = joining.counted_join(invitation, username=given["username"], password=given["password"])
        return Response({"username": person.username}, status=201)


class NewPasswordByProgram(Endpoint):
    """Set a new password with the code of a link for it; sessions and tokens under the old one end."""

    access = access(POST=ANYONE)
    authentication_classes = ()

    @extend_schema(
        request=serializer_for(NewPasswordByCode, None, "NewPasswordByLink"),
        responses={204: None},
        operation_id="invitations_new_password",
    )
    def post(self, request: Request) -> Response:
        invitation = _invitation(request, Purpose.PASSWORD)
        given = read_form(NewPasswordByCode, request, base=_once(request), obj=invitation).cleaned_data
        person = joining.set_password(invitation, password=given["password"])
        passwords.begin_anew(request, person)
        return Response(status=204)


class AskForNewPassword(Endpoint):
    """Ask for such a link to the registered address; the answer is the same whether there is such an account or not."""

    access = access(POST=ANYONE)
    authentication_classes = ()

    @extend_schema(
        request=serializer_for(Forgotten, None, "ForgottenPassword"),
        responses={202: None},
        operation_id="invitations_forgotten_password",
    )
    def post(self, request: Request) -> Response:
        given = read_form(Forgotten, request).cleaned_data
        forgetting.ask(given["username"], given["email"], address=request.META.get("REMOTE_ADDR", ""))
        return Response(status=202)


urlpatterns = [
    *resource(
        "invitations",
        InvitationSerializer,
        filters=("status", "purpose", "role", "organization"),
        joins=("organization", "place"),
    ),
    path("invitations/join", JoinByProgram.as_view(), name="api-invitation-join"),
    path("invitations/new-password", NewPasswordByProgram.as_view(), name="api-invitation-password"),
    path("invitations/forgotten-password", AskForNewPassword.as_view(), name="api-forgotten-password"),
]
