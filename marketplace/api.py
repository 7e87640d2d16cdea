"""The root of the API: sign-in by token, and every package's resources."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.urls import include, path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle

from foundation.access import ANYONE, SIGNED_IN, access
from foundation.api.base import Endpoint
from foundation.refusals import Invalid
from foundation.typed import folded


class SignInBody(serializers.Serializer):
    username = serializers.CharField()
    password = serializers.CharField(trim_whitespace=False)

    def validate_username(self, name: str) -> str:
        """The name in its plain form, as the page reads it."""
        return folded(name)


class MembershipBody(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    role = serializers.CharField()
    organization = serializers.CharField()
    place = serializers.CharField()


class TokenBody(serializers.Serializer):
    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class SignIn(Endpoint):
    """Exchange name and password for a token; it ends after 10 hours."""

    access = access(POST=ANYONE)
    authentication_classes = ()
    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = "sign-in"

    @extend_schema(request=SignInBody, responses=TokenBody, operation_id="sign_in")
    def post(self, request: Request) -> Response:
        body = SignInBody(data=request.data)
        body.is_valid(raise_exception=True)
        user = authenticate(request._request, **body.validated_data)
        if user is None:
            message = _("用户名或密码不对。")
            raise Invalid(message, fields={"password": message})
        token, text = AuthToken.objects.create(user)
        return Response({"token": text, "expiry": token.expiry})


class Me(Endpoint):
    """Who asks, and the roles that ``X-Membership`` may pick."""

    access = access(GET=SIGNED_IN)

    @extend_schema(responses=MembershipBody(many=True), operation_id="me")
    def get(self, request: Request) -> Response:
        return Response(MembershipBody(request._request.memberships, many=True).data)


class Schema(SpectacularAPIView):
    """The OpenAPI description."""

    access = access(GET=ANYONE)


class Docs(SpectacularSwaggerView):
    """Browsable documentation, served from here."""

    access = access(GET=ANYONE)


urlpatterns = [
    path("schema", Schema.as_view(), name="api-schema"),
    path("docs", Docs.as_view(url_name="api-schema"), name="api-docs"),
    path("sign-in", SignIn.as_view(), name="api-sign-in"),
    path("me", Me.as_view(), name="api-me"),
    path("", include("foundation.api.urls")),
    path("", include("organizations.api.urls")),
    path("", include("households.api.urls")),
    path("", include("catalog.api.urls")),
    path("", include("contracts.api.urls")),
    path("", include("giving.api.urls")),
    path("", include("procurement.api.urls")),
    path("", include("referrals.api.urls")),
    path("", include("evaluations.api.urls")),
]
