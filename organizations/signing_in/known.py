"""Whether a request comes from a signed-in person, judged by its headers before its body is read."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.http import parse_cookie
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from knox.crypto import hash_token

from organizations.people.models import User
from organizations.service_accounts import bearing
from organizations.signing_in import tokens
from organizations.signing_in.models import Token


def signed_in(cookie: str, authorization: str) -> bool:
    """Whether the headers carry a session or token that is ours and valid.

    What the person may do is checked later, by the view.
    """
    kind, _space, token = authorization.strip().partition(" ")
    token = token.strip()
    if kind.lower() == "token" and token.isascii() and token.isalnum():
        candidates = Token.objects.select_related("user").filter(
            digest=hash_token(token), expiry__gt=timezone.now(), user__is_active=True
        )
        return any(tokens.good(candidate, candidate.user) for candidate in candidates)
    if kind.lower() == "bearer":
        return bearing.live(token) is not None
    key = parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME, "")
    session = SessionStore(key).load() if key.isascii() and key.isalnum() else {}
    user = User.objects.filter(pk=session.get(SESSION_KEY, 0), is_active=True).first()
    mark = session.get(HASH_SESSION_KEY, "")
    return user is not None and constant_time_compare(mark, user.get_session_auth_hash())
