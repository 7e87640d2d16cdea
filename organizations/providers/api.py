"""API of providers, and of joining by a program that nobody knows yet."""

from __future__ import annotations

import secrets

from django import forms
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api import bodies
from foundation.api.base import Endpoint, read_form, resource
from foundation.api.described import serializer_for
from foundation.forms.actions import ActionForm
from foundation.forms.fields import CodeField, MobileField
from foundation.messaging import codes
from foundation.permissions import ANYONE, access
from organizations.providers import joining
from organizations.providers.forms import JoinAsProvider
from organizations.providers.models import Provider
from organizations.providers.serializers import ProviderSerializer


class AskForCode(ActionForm):
    """The telephone to which a code is sent."""

    phone = MobileField(label=_("您的手机号"))


class JoinWithCode(JoinAsProvider):
    """What is asked on the page in three steps, in one body; ``asker`` comes with the code."""

    mobile = MobileField(label=_("您的手机号"))
    code = CodeField(label=_("验证码"), max_length=12)
    asker = forms.CharField(label=_("取验证码时得到的凭证"), max_length=100)


class CodeSent(serializers.Serializer):
    """The secret that belongs to the code; the code itself only where no message leaves the machine."""

    asker = serializers.CharField()
    shown = serializers.CharField()


class Joined(serializers.Serializer):
    """The provider that was registered, and the name of the account."""

    provider = serializers.IntegerField()
    username = serializers.CharField()


class SendJoiningCode(Endpoint):
    """Send a code to the telephone of whoever will answer for the organization."""

    access = access(POST=ANYONE)
    authentication_classes = ()

    @extend_schema(
        request=serializer_for(AskForCode, None, "JoiningCode"),
        responses=CodeSent,
        operation_id="Provider_join_code",
    )
    def post(self, request: Request) -> Response:
        phone, asker = read_form(AskForCode, request).cleaned_data["phone"], secrets.token_urlsafe()
        shown = joining.send_code(phone, address=request.META.get("REMOTE_ADDR", ""), asker=asker)
        return Response({"asker": asker, "shown": shown})


class JoinByProgram(Endpoint):
    """Register an organization, and the account of whoever answers for it."""

    access = access(POST=ANYONE)
    authentication_classes = ()

    @extend_schema(
        request=serializer_for(JoinWithCode, None, "Joining"),
        responses={201: Joined},
        operation_id="Provider_join",
    )
    def post(self, request: Request) -> Response:
        again = bodies.object_in(request).get("password", "")
        given = read_form(JoinWithCode, request, base={"again": again}).given()
        joining.count(request.META.get("REMOTE_ADDR", ""))
        code, asker = given.pop("code"), given.pop("asker")
        with codes.using(given["mobile"], joining.PURPOSE, code, asker=asker):
            person = joining.join(**given)
        provider = Provider.objects.distinct().get(organization__membership__user=person)
        return Response({"provider": provider.pk, "username": person.username}, status=201)


urlpatterns = [
    *resource(
        "providers",
        ProviderSerializer,
        filters=("status", "nature"),
        joins=("organization",),
        many=("serves",),
    ),
    path("providers/join-code", SendJoiningCode.as_view(), name="api-join-provider-code"),
    path("providers/join", JoinByProgram.as_view(), name="api-join-provider"),
]
