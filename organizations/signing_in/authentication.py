"""Sign-in of the API, by a token of a person or a program or by the session of a page, in one membership."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from foundation.forms.typed import whole_number
from foundation.permissions import ActorRequest
from foundation.wording import listed
from organizations.emergencies import recording
from organizations.people.models import Membership, User
from organizations.service_accounts import bearing
from organizations.service_accounts.models import ServiceAccount
from organizations.signing_in import gate, opened, tokens
from organizations.signing_in.middleware import PROVED, actor_in, memberships_of
from organizations.signing_in.models import Token

#: What is said where a second factor is needed and was not given.
PROVE_FIRST = gettext_lazy("这个身份要先通过第二步验证：请在网页上设好，再带上验证码重新登录。")


class TokenAuthentication(KnoxAuthentication):
    """A knox token; the header ``X-Membership`` chooses another membership than that in which it was issued."""

    def authenticate(self, request: Request) -> Any:
        found = super().authenticate(request)
        if found:
            user, token = found
            _act(request, user, proved=token.proved_at is not None, token=token)
            opened.note_use_of(token)
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[User, Token]:
        """Refuse what cannot be a token of ours before it is read as text."""
        if not re.fullmatch(rb"[0-9a-f]+", token):
            raise exceptions.AuthenticationFailed(_("访问令牌不对，请重新登录。"))
        return super().authenticate_credentials(token)

    def validate_user(self, auth_token: Token) -> tuple[User, Token]:
        """Also refuse a token that was issued under another password."""
        user, token = super().validate_user(auth_token)
        if not tokens.good(token, user):
            raise exceptions.AuthenticationFailed(_("密码改过了，请重新登录。"))
        return user, token


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of a page; the header ``X-Membership`` works as with a token."""

    def authenticate(self, request: Request) -> Any:
        found = super().authenticate(request)
        asked = cast(ActorRequest, request._request)
        if found and "X-Membership" in request.headers:
            _act(request, found[0], proved=PROVED in asked.session)
        elif (
            found and asked.held_back and not getattr(request.parser_context["view"], "without_factor", False)
        ):
            raise exceptions.PermissionDenied(PROVE_FIRST)
        return found


class BearerAuthentication(authentication.BaseAuthentication):
    """The token of a service account, which acts in the membership that made it, within its scope."""

    def authenticate(self, request: Request) -> tuple[User, ServiceAccount] | None:
        kind, _space, text = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        account = bearing.live(text.strip())
        if account is None:
            raise exceptions.AuthenticationFailed(_("令牌不对、已撤销或者已到期。"))
        changes = request.method not in permissions.SAFE_METHODS
        if refusal := bearing.refusal(account, request.parser_context["view"], changes=changes):
            raise exceptions.PermissionDenied(refusal)
        if request.headers.get("X-Membership", str(account.membership_id)) != str(account.membership_id):
            raise exceptions.PermissionDenied(_("程序只能用给它令牌的身份。"))
        bearing.note_use(account)
        asked = cast(ActorRequest, request._request)
        asked.actor = account.actor(request_id=asked.request_id, address=asked.META.get("REMOTE_ADDR", ""))
        asked.memberships = [account.membership]
        return account.membership.user, account

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _act(request: Request, user: User, *, proved: bool, token: Token | None = None) -> None:
    """Set the actor; 400 for no number, 401 for a token that was unused for too long, 403 for a membership that is not
    this person's or has ended, or that needs a second factor where none was given.

    No other membership is taken instead: a program that has lost one must not act in the next.
    """
    held = memberships_of(user)
    asked_for = token.membership_id if token is not None else None
    named = "X-Membership" in request.headers
    if named:
        asked_for = whole_number(request.headers["X-Membership"])
        if asked_for is None:
            message = _("应是一个身份的编号，见 /api/v1/me。")
            raise exceptions.ValidationError({"X-Membership": [message]})
    chosen = next((one for one in held if asked_for in (None, one.pk)), None)
    times = gate.times_of(chosen) if chosen is not None else gate.strictest(held)
    if token is not None and tokens.is_over(token, times):
        raise exceptions.AuthenticationFailed(_("太久没有用，这个令牌已失效，请重新登录。"))
    if chosen is None and named:
        raise exceptions.PermissionDenied(_("您没有这个身份，或者它已经结束。") + _in_words(held))
    if chosen is None and held:
        raise exceptions.PermissionDenied(_("这个令牌的身份已经结束。") + _in_words(held))
    if chosen is not None and not proved and gate.must_prove(chosen):
        raise exceptions.PermissionDenied(PROVE_FIRST)
    asked = cast(ActorRequest, request._request)
    asked.actor, asked.memberships = actor_in(asked, chosen), held
    recording.note(asked)


def _in_words(held: Sequence[Membership]) -> str:
    """Which memberships a request may name."""
    if not held:
        return ""
    each = listed(_("%(number)s（%(seat)s）") % {"number": one.pk, "seat": one} for one in held)
    return _("可以在 X-Membership 里写：%(each)s。") % {"each": each}
