"""Browsers in which an account has signed in before: each carries a mark in a cookie.

The mark is bound to the account and to its password: nobody makes one, one account's is none
for another's, and with a new password it is worth nothing.
"""

from __future__ import annotations

import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from organizations.people.models import User

COOKIE = "known"


#: Days for which a browser is known after a sign-in, and how many accounts it is known for.
DAYS, MOST = 180, 8


_MARK = re.compile(r"([0-9a-f]{16})([0-9a-f]{32})", re.ASCII)


def known(request: HttpRequest, username: str) -> str:
    """The number of this browser where the account has signed in in it; else ""."""
    marks = _marks(request)
    user = User.objects.filter(username=username).first() if marks else None
    return _number(marks, user) if user else ""


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Make the browser known for the person who has just signed in."""
    marks = _marks(request)
    own = _mark(_number(marks, user) or secrets.token_hex(8), user)
    kept = [own, *(mark for mark in marks if mark != own)][:MOST]
    response.set_cookie(
        COOKIE,
        ".".join(kept),
        max_age=DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _marks(request: HttpRequest) -> list[str]:
    said = request.COOKIES.get(COOKIE, "").split(".")[:MOST]
    return [each for each in said if _MARK.fullmatch(each)]


def _number(marks: list[str], user: User) -> str:
    numbers = (mark[:16] for mark in marks if constant_time_compare(mark, _mark(mark[:16], user)))
    return next(numbers, "")


def _mark(number: str, user: User) -> str:
    signed = salted_hmac(
        "organizations.signing_in.devices", f"{number} {user.pk} {user.password}", algorithm="sha256"
    )
    return number + signed.hexdigest()[:32]
