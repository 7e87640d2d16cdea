"""Whether a request comes from somebody signed in, told by its headers before it is read."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import parse_cookie
from django.utils import timezone
from knox.crypto import hash_token
from knox.models import AuthToken

from organizations.sessions import SessionStore


def signed_in(cookie: str, authorization: str) -> bool:
    """Whether the session or the token that the headers carry is one that we gave and that lives.

    What it may do is asked later, by whoever answers the request.
    """
    kind, _space, token = authorization.strip().partition(" ")
    token = token.strip()
    if kind.lower() == "token" and token.isascii() and token.isalnum():
        return AuthToken.objects.filter(
            digest=hash_token(token), expiry__gt=timezone.now()
        ).exists()
    key = parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME, "")
    return key.isascii() and key.isalnum() and SESSION_KEY in SessionStore(key).load()
