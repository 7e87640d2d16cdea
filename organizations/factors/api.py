"""API of one's own sign-in, and of the reset of somebody's factors by an administrator.

Passkeys are made and used in browsers alone, since they are bound to a page.
"""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base import Endpoint, read_form
from foundation.permissions import SIGNED_IN, access
from foundation.refusals import Invalid
from foundation.roles import GIVES_MEMBERSHIPS, STAFF
from foundation.ui.views import find_visible
from organizations.factors import keeping, totp
from organizations.factors.forms import Reset
from organizations.factors.models import Factor
from organizations.people import closing
from organizations.people.models import User
from organizations.signing_in import opened, own, passwords
from organizations.signing_in.models import Token


class PasswordBody(serializers.Serializer):
    """The password, by which the person confirms a change of the own sign-in."""

    password = serializers.CharField(max_length=128, trim_whitespace=False)


class AppBody(PasswordBody):
    """An app: the offer that was given out, and the code that the app shows for it."""

    offer = serializers.CharField(max_length=1000)
    code = serializers.CharField(max_length=12)
    name = serializers.CharField(max_length=40)


class OfferBody(serializers.Serializer):
    """A secret for an app: sealed, to be sent back; as a typed key; and as the address in a QR code."""

    offer = serializers.CharField()
    key = serializers.CharField()
    address = serializers.CharField()


class FactorBody(serializers.Serializer):
    """One of one's own factors."""

    id = serializers.IntegerField(source="pk")
    kind = serializers.CharField()
    name = serializers.CharField()
    added_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)


class CodesBody(serializers.Serializer):
    """Recovery codes, told this once; none where the person has some already."""

    codes = serializers.ListField(child=serializers.CharField())


class OpenedBody(serializers.Serializer):
    """A session or a token of one's own."""

    id = serializers.CharField(source="number")
    what = serializers.CharField()
    address = serializers.CharField()
    since = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField()
    current = serializers.BooleanField()


class ReasonBody(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=300)


class Own(Endpoint):
    """An address about whoever asks."""

    about_the_account = True

    @property
    def person(self) -> User:
        """Who asks."""
        return cast(User, self.request.user)

    def confirmed(self, kind: type[serializers.Serializer]) -> dict[str, Any]:
        """What the body says, the password checked; raises ``Invalid`` and ``TooMany``."""
        body = kind(data=self.request.data)
        body.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(body.validated_data)
        passwords.require_owner(self.request._request, self.person, given.pop("password"))
        return given


class Factors(Own):
    """One's own factors."""

    access = access(GET=STAFF)
    without_factor = True

    @extend_schema(responses=FactorBody(many=True), operation_id="factors_list")
    def get(self, request: Request) -> Response:
        return Response(FactorBody(Factor.objects.filter(user=self.person), many=True).data)


class OfferApp(Own):
    """A new secret for an authenticator app; nothing is kept of it until it is confirmed."""

    access = access(POST=STAFF)
    without_factor = True

    @extend_schema(request=None, responses=OfferBody, operation_id="factors_offer_app")
    def post(self, request: Request) -> Response:
        offer = keeping.offer(self.person)
        secret = keeping.offered(self.person, offer)
        address = totp.address_of(secret, self.person.username, _("联动"))
        return Response({"offer": offer, "key": totp.typed_key(secret), "address": address})


class AddApp(Own):
    """Confirm an offered secret by the code that the app shows. The first factor ends all tokens and sessions, also
    this one: sign in again with a code.
    """

    access = access(POST=STAFF)
    without_factor = True

    @extend_schema(request=AppBody, responses=CodesBody, operation_id="factors_add_app")
    def post(self, request: Request) -> Response:
        given = self.confirmed(AppBody)
        codes = keeping.add_app(
            self.person, by=self.actor, name=given["name"], sealed=given["offer"], code=given["code"]
        )
        return Response({"codes": codes})


class RemoveFactor(Own):
    """Remove one of one's own factors."""

    access = access(POST=STAFF)

    @extend_schema(request=PasswordBody, responses={204: None}, operation_id="factors_remove")
    def post(self, request: Request, pk: int) -> Response:
        self.confirmed(PasswordBody)
        factor = Factor.objects.filter(user=self.person, pk=pk).first()
        if factor is None:
            raise Http404
        keeping.remove(factor, by=self.actor)
        return Response(status=204)


class RenewCodes(Own):
    """New recovery codes; the old ones are void."""

    access = access(POST=STAFF)

    @extend_schema(request=PasswordBody, responses=CodesBody, operation_id="factors_renew_codes")
    def post(self, request: Request) -> Response:
        self.confirmed(PasswordBody)
        return Response({"codes": keeping.renew_codes(self.person, by=self.actor)})


class ShowSignIns(Own):
    """One's own sessions and tokens, the one of this request first, then what was used last."""

    access = access(GET=SIGNED_IN)
    without_factor = True

    @extend_schema(responses=OpenedBody(many=True), operation_id="sign_ins_list")
    def get(self, request: Request) -> Response:
        token = request.auth if isinstance(request.auth, Token) else None
        return Response(OpenedBody(opened.listed(request._request, self.person, token), many=True).data)


class EndSignIn(Own):
    """End one of one's own sessions or tokens."""

    access = access(POST=SIGNED_IN)
    without_factor = True

    @extend_schema(request=None, responses={204: None}, operation_id="sign_ins_end")
    def post(self, request: Request, identifier: str) -> Response:
        if not own.end_one(self.person, identifier, by=self.actor):
            raise Http404
        return Response(status=204)


class EndSignIns(Own):
    """End everything that one has open, this token or session too."""

    access = access(POST=SIGNED_IN)
    without_factor = True

    @extend_schema(request=None, responses={204: None}, operation_id="sign_ins_end_all")
    def post(self, request: Request) -> Response:
        own.end_all(self.person, by=self.actor)
        return Response(status=204)


class ResetFactors(Endpoint):
    """Take the factors of somebody away who has lost them."""

    access = access(POST=GIVES_MEMBERSHIPS)

    @extend_schema(request=ReasonBody, responses={204: None}, operation_id="people_reset_factors")
    def post(self, request: Request, pk: int) -> Response:
        person = find_visible(User, self.actor, pk=pk)
        form = read_form(Reset, request, actor=self.actor)
        keeping.reset(person, by=self.actor, **form.given())
        return Response(status=204)


class SignOutEverywhere(Endpoint):
    """End everything that a person has open, because a telephone or a password was lost."""

    access = access(POST=GIVES_MEMBERSHIPS)

    @extend_schema(request=None, responses={204: None}, operation_id="people_sign_out")
    def post(self, request: Request, pk: int) -> Response:
        closing.close(find_visible(User, self.actor, pk=pk), by=self.actor)
        return Response(status=204)


class NewPasswordBody(PasswordBody):
    """The password of now and the next one."""

    new_password = serializers.CharField(max_length=128, trim_whitespace=False)


class ChangePassword(Own):
    """Change one's own password; all tokens and sessions under the old one end, that of this request too."""

    access = access(POST=SIGNED_IN)

    @extend_schema(request=NewPasswordBody, responses={204: None}, operation_id="password_change")
    def post(self, request: Request) -> Response:
        password = self.confirmed(NewPasswordBody)["new_password"]
        try:
            validate_password(password, self.person)
        except ValidationError as fault:
            words = " ".join(fault.messages)
            raise Invalid(words, fields={"new_password": words}) from None
        own.change_own_password(self.person, by=self.actor, password=password)
        return Response(status=204)


urlpatterns = [
    path("password", ChangePassword.as_view(), name="api-password"),
    path("factors", Factors.as_view(), name="api-factors"),
    path("factors/offer-app", OfferApp.as_view(), name="api-factors-offer-app"),
    path("factors/add-app", AddApp.as_view(), name="api-factors-add-app"),
    path("factors/renew-codes", RenewCodes.as_view(), name="api-factors-renew-codes"),
    path("factors/<int:pk>/remove", RemoveFactor.as_view(), name="api-factor-remove"),
    path("sign-ins", ShowSignIns.as_view(), name="api-sign-ins"),
    path("sign-ins/end-all", EndSignIns.as_view(), name="api-sign-ins-end-all"),
    path("sign-ins/<slug:identifier>/end", EndSignIn.as_view(), name="api-sign-in-end"),
    path("people/<int:pk>/reset-factors", ResetFactors.as_view(), name="api-person-reset-factors"),
    path("people/<int:pk>/sign-out", SignOutEverywhere.as_view(), name="api-person-sign-out"),
]
