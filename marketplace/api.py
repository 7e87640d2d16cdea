"""The root of the API: sign-in by token, and the addresses of every package."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django.contrib.auth import logout
from django.db.models import QuerySet
from django.http import Http404
from django.urls import include, path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation import moments
from foundation.api import bodies
from foundation.api.base import Endpoint, ListEndpoint
from foundation.api.defaults import LongestFirst
from foundation.forms.typed import folded
from foundation.permissions import ANYONE, SIGNED_IN, ActorRequest, access
from foundation.refusals import Invalid, NotYours
from marketplace.schema import Schema
from organizations.factors import proving
from organizations.people.models import User
from organizations.signing_in import devices, gate, opened, own, passwords, tokens, unfamiliar
from organizations.signing_in.middleware import memberships_of
from organizations.signing_in.models import Token
from organizations.signing_in.tokens import ID


class TextField(serializers.CharField):
    """A text; unlike DRF's field it refuses numbers."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError(bodies.TEXT)
        return super().to_internal_value(data)


class SignInBody(serializers.Serializer):
    """Name and password."""

    username = TextField(max_length=150)
    password = TextField(max_length=1000, trim_whitespace=False)
    code = TextField(
        max_length=20,
        required=False,
        allow_blank=True,
        help_text="Of an authenticator app, or on paper, for whoever has a second factor.",
    )

    def validate_username(self, name: str) -> str:
        """The name folded, as the page reads it."""
        return folded(name)


class MembershipBody(serializers.Serializer):
    """A membership; ``X-Membership`` takes its ``id``."""

    id = serializers.IntegerField(source="pk")
    role = serializers.CharField()
    organization = serializers.CharField()
    place = serializers.CharField()


class TokenBody(serializers.Serializer):
    """A new token; its text is sent only once."""

    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class OwnTokenBody(serializers.Serializer):
    """One of one's own tokens, without its text."""

    id = serializers.CharField()
    created = serializers.DateTimeField()
    expiry = serializers.DateTimeField()
    current = serializers.BooleanField()


class SignIn(Endpoint):
    """Exchange name and password for a token, which is valid as long as a sign-in (the rule ``sign_in.times``) or until the password changes.

    The cookie ``known`` of the answer, sent along the next time, keeps wrong tries of others from
    counting against this program.
    """

    access = access(POST=ANYONE)
    authentication_classes = ()

    @extend_schema(request=SignInBody, responses=TokenBody, operation_id="sign_in")
    def post(self, request: Request) -> Response:
        body = SignInBody(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        code = given.pop("code", "")
        user = passwords.person_of(request._request, **given)
        if user is None:
            message = _("用户名或密码不对。")
            raise Invalid(message, fields={"password": message})
        proved_at = self._proved(request, user, code)
        unfamiliar_here = unfamiliar.is_new(request._request, user, by_program=True)
        held = memberships_of(user)
        said = opened.said_by(request._request)
        token, text = tokens.issue(user, proved_at=proved_at, membership=held[0] if held else None, **said)
        if unfamiliar_here:
            unfamiliar.tell(request._request, user)
        answer = Response({"token": text, "expiry": token.expiry})
        devices.remember(request._request, answer, user)
        return answer

    @staticmethod
    def _proved(request: Request, user: User, code: str) -> datetime | None:
        """When the second factor was given: now, for whoever has one; None for others.

        Raises ``Invalid`` at ``code`` where it is missing or wrong, ``TooMany``, and ``NotYours`` for a person
        without a factor all of whose roles need one.
        """
        if proving.asked_of(user):
            if not code:
                message = _("这个账号有第二步验证，请带上验证器上的六位数字（code）。")
                raise Invalid(message, fields={"code": message})
            proving.check(request._request, user, code)
            return moments.now()
        held = memberships_of(user)
        if held and all(gate.must_prove(membership) for membership in held):
            raise NotYours(_("您的身份要有第二步验证才能领令牌：请先在网页上登录，设好验证器。"))
        return None


class SignOut(Endpoint):
    """End the token, or the session, of this request."""

    access = access(POST=SIGNED_IN)

    @extend_schema(request=None, responses={204: None}, operation_id="sign_out")
    def post(self, request: Request) -> Response:
        if request.auth is not None:
            request.auth.delete()
        else:
            logout(request._request)
        return Response(status=204)


class LatestTokens(LongestFirst):
    """Pages by cursor, the tokens that were issued last before all others."""

    ordering = "-created"


class Tokens(ListEndpoint):
    """One's own valid tokens, newest first, without their text."""

    about_the_account = True
    model = Token
    serializer_class = OwnTokenBody
    pagination_class = LatestTokens

    def seen(self) -> QuerySet[Token]:
        return tokens.living(cast(User, self.request.user))

    def as_shown(self, rows: Sequence[Token]) -> list[dict[str, Any]]:
        return [
            {
                "id": token.digest[:ID],
                "created": token.created,
                "expiry": token.expiry,
                "current": token == self.request.auth,
            }
            for token in rows
        ]


class RevokeToken(Endpoint):
    """End one of one's own tokens, for instance of a program that is no longer used."""

    about_the_account = True
    access = access(POST=SIGNED_IN)

    @extend_schema(request=None, responses={204: None}, operation_id="tokens_revoke")
    def post(self, request: Request, identifier: str) -> Response:
        if not own.end_one(cast(User, request.user), f"t{identifier}", by=self.actor):
            raise Http404
        return Response(status=204)


class Me(Endpoint):
    """One's memberships, which ``X-Membership`` may choose from."""

    access = access(GET=SIGNED_IN)

    @extend_schema(responses=MembershipBody(many=True), operation_id="me")
    def get(self, request: Request) -> Response:
        return Response(MembershipBody(cast(ActorRequest, request._request).memberships, many=True).data)


class Docs(SpectacularSwaggerView):
    """Browsable documentation of the API."""

    access = access(GET=ANYONE)


urlpatterns = [
    path("schema", Schema.as_view(), name="api-schema"),
    path("docs", Docs.as_view(url_name="api-schema"), name="api-docs"),
    path("sign-in", SignIn.as_view(), name="api-sign-in"),
    path("sign-out", SignOut.as_view(), name="api-sign-out"),
    path("tokens", Tokens.as_view(), name="api-tokens"),
    path("tokens/<slug:identifier>/revoke", RevokeToken.as_view(), name="api-token-revoke"),
    path("me", Me.as_view(), name="api-me"),
    path("", include("foundation.api.urls")),
    path("", include("marketplace.office.api")),
    path("", include("organizations.api")),
    path("", include("households.api")),
    path("", include("catalog.api")),
    path("", include("contracts.api")),
    path("", include("giving.api")),
    path("", include("procurement.api")),
    path("", include("referrals.api")),
    path("", include("evaluations.api")),
]
