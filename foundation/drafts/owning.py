"""To whom a form was given, in which role: a signed mark in the form, read when the form comes back.

So a form that one person opened is never sent under another, and what comes after the
sign-in has ended can be put away for the person who typed it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from foundation.roles import Actor

#: Days for which an opened form may come back.
DAYS = 14


_SIGNER = signing.TimestampSigner(salt="foundation.drafts.owning")


@dataclass(frozen=True)
class Owner:
    """Whose form it is, and in which role it was opened (``Actor.seat``; empty: not known)."""

    user_id: int
    seat: str

    def is_person(self, actor: Actor | None) -> bool:
        """Whether this is who asks, in whatever role."""
        return actor is not None and actor.user_id == self.user_id

    def is_(self, actor: Actor | None) -> bool:
        """Whether this is who asks, in the same role."""
        return actor is not None and self.is_person(actor) and self.seat in ("", actor.seat)


def mark(actor: Actor) -> str:
    """The mark of a form that is given to a person in a role."""
    return _SIGNER.sign(f"{actor.user_id}/{actor.seat}")


def owner_of(request: HttpRequest) -> Owner | None:
    """Whose form was sent; None where it bears no mark, or one that nobody can vouch for."""
    try:
        text = _SIGNER.unsign(request.POST.get("owner", ""), max_age=timedelta(days=DAYS))
    except signing.BadSignature:
        return None
    user_id, _slash, seat = text.partition("/")
    return Owner(int(user_id), seat)


def browser_key(user_id: int) -> str:
    """The key (base64, 32 bytes) under which this person's browser keeps what waits there.

    The same after every sign-in. Pages of that person alone are given it, and scripts hold it
    in memory only.
    """
    secret = settings.LIANDONG_HASH_KEY.encode()
    made = hmac.new(secret, f"\0browser-key\0{user_id}".encode(), hashlib.sha256)
    return base64.b64encode(made.digest()).decode()
