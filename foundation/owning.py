"""To whom a form was given: a signed mark in the form, read when the form comes back.

So a form that one person opened is never sent under another, and what comes after the
sign-in has ended can be put away for the person who typed it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

#: Days for which an opened form may come back.
DAYS = 14

_SIGNER = signing.TimestampSigner(salt="foundation.owning")


def mark(user_id: int) -> str:
    """The mark of a form that is given to a person."""
    return _SIGNER.sign(str(user_id))


def owner_of(request: HttpRequest) -> int | None:
    """Whose form was sent; None where it bears no mark, or one that nobody can vouch for."""
    try:
        text = _SIGNER.unsign(request.POST.get("owner", ""), max_age=timedelta(days=DAYS))
    except signing.BadSignature:
        return None
    return int(text)


def browser_key(user_id: int) -> str:
    """The key (base64, 32 bytes) under which this person's browser keeps what waits there.

    The same after every sign-in. Pages of that person alone are given it, and scripts hold it
    in memory only.
    """
    secret = settings.LIANDONG_HASH_KEY.encode()
    made = hmac.new(secret, f"\0browser-key\0{user_id}".encode(), hashlib.sha256)
    return base64.b64encode(made.digest()).decode()
