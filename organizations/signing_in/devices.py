"""Known browsers: those in which an account has signed in before, marked by a cookie.

The mark is bound to the account and its password, so it cannot be forged, is worth nothing for
another account, and ends with a new password.
"""

from __future__ import annotations

import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from organizations.people.models import User

COOKIE = "known"


#: Days for which a browser is known after a sign-in, and accounts for which it is known at most.
DAYS, MOST = 180, 8


_MARK = re.compile(r"([0-9a-f]{16})([0-9a-f]{32})", re.ASCII)


def known(request: HttpRequest, username: str) -> str:
    """The number of this browser if the account has signed in in it before; else ""."""
    marks = _marks(request)
    user = User.objects.named(username).first() if marks else None
    return _number(marks, user) if user else ""


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Set the cookie that makes the browser known for the person who has just signed in."""
    marks = _marks(request)
    own = _mark(_number(marks, user) or secrets.token_hex(8), user)
    marks_now = [own, *(mark for mark in marks if mark != own)][:MOST]
    response.set_cookie(
        COOKIE,
        ".".join(marks_now),
        max_age=DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _marks(request: HttpRequest) -> list[str]:
    """The marks in the cookie."""
    parts = request.COOKIES.get(COOKIE, "").split(".")[:MOST]
    return [part for part in parts if _MARK.fullmatch(part)]


def _number(marks: list[str], user: User) -> str:
    """The number of the browser in the mark of this account; "" if there is none."""
    numbers = (mark[:16] for mark in marks if constant_time_compare(mark, _mark(mark[:16], user)))
    return next(numbers, "")


def _mark(number: str, user: User) -> str:
    """The mark: the number and its keyed hash with account and password."""
    signed = salted_hmac(
        "organizations.signing_in.devices", f"{number} {user.pk} {user.password}", algorithm="sha256"
    )
    return number + signed.hexdigest()[:32]
