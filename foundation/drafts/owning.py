"""The owner of an opened form: a signed mark of person and role, checked when the form is sent.

So a form that one person opened is never sent as another, and a form that arrives after the
session has ended can be saved as a draft of the person who typed it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from foundation import moments
from foundation.drafts.keeping import PART, RULE
from foundation.retention.sweeping import oldest
from foundation.roles import Actor

_SIGNER = signing.TimestampSigner(salt="foundation.drafts.owning")


@dataclass(frozen=True)
class Owner:
    """The person who opened a form, and in which role (``Actor.seat``; empty: not known)."""

    user_id: int
    seat: str

    def is_person(self, actor: Actor | None) -> bool:
        """Whether ``actor`` is this person, in whatever role."""
        return actor is not None and actor.user_id == self.user_id

    def is_(self, actor: Actor | None) -> bool:
        """Whether ``actor`` is this person in the same role."""
        return actor is not None and self.is_person(actor) and self.seat in ("", actor.seat)


def mark(actor: Actor) -> str:
    """The signed mark to put into a form that ``actor`` opens."""
    return _SIGNER.sign(f"{actor.user_id}/{actor.seat}")


def owner_of(request: HttpRequest) -> Owner | None:
    """The owner of the form in the request; None without a mark, or with one that is forged or as old as no draft."""
    try:
        text = _SIGNER.unsign(request.POST.get("owner", ""), max_age=moments.now() - oldest(RULE, PART))
    except signing.BadSignature:
        return None
    user_id, _slash, seat = text.partition("/")
    return Owner(int(user_id), seat)


def browser_key(user_id: int) -> str:
    """The key (base64, 32 bytes) by which this person's browser encrypts forms waiting to be sent.

    It is the same after every sign-in. Only pages of that person contain it, and scripts hold it
    in memory.
    """
    secret = settings.LIANDONG_HASH_KEY.encode()
    mac = hmac.new(secret, f"\0browser-key\0{user_id}".encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()
