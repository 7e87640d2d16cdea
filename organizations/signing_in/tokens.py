"""Tokens of programs; each begins with a mark of the password under which it was issued, and of the person's
``generation``.

A new password, or the end of everything that is open, changes the mark, so every older token is invalid at once,
and nobody has to delete them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from foundation import moments
from foundation.rules import reading
from organizations.people.models import Membership, User
from organizations.signing_in import gate
from organizations.signing_in.models import Token

#: Characters of the mark.
MARK = 10

#: Characters of a token's digest that identify it to its owner.
ID = 16


def mark(user: User) -> str:
    """The mark with which the tokens of this person begin under the present password."""
    known = f"{user.password}{user.generation}"
    return salted_hmac("organizations.signing_in.tokens", known, algorithm="sha256").hexdigest()[:MARK]


def issue(
    user: User,
    *,
    proved_at: datetime | None = None,
    membership: Membership | None = None,
    address: str = "",
    agent: str = "",
) -> tuple[Token, str]:
    """A new token and its text, which is not stored; invalid tokens of the person are deleted.

    It acts in ``membership`` where a request names no other. ``proved_at`` is when a second factor was given for it. It lasts as long as a sign-in at most (``sign_in.times``).
    """
    Token.objects.filter(user=user).exclude(pk__in=living(user).values("pk")).delete()
    digest, text = get_digest_token(mark(user))
    token = Token.objects.create(
        digest=digest,
        token_key=text[: CONSTANTS.TOKEN_KEY_LENGTH],
        user=user,
        expiry=timezone.now() + timedelta(hours=reading.current(gate.TIMES).value["hours"]),
        proved_at=proved_at,
        membership=membership,
        address=address,
        agent=agent,
    )
    return token, text


def living(user: User) -> QuerySet[Token]:
    """The tokens of a person that are valid now, newest first."""
    return Token.objects.filter(
        user=user, token_key__startswith=mark(user), expiry__gt=timezone.now()
    ).order_by("-created")


def is_over(token: Token, times: gate.Times) -> bool:
    """Whether it was unused for too long, or has lasted as long as a sign-in may: as sessions in browsers."""
    unused, age = moments.now() - token.last_used_at, timezone.now() - token.created
    return unused > times.idle or age > times.whole


def good(token: Token, user: User) -> bool:
    """Whether a token was issued under the present password."""
    return token.token_key.startswith(mark(user))
