"""Tokens of programs; each begins with a mark of the password under which it was issued, and of the person's
``generation``.

A new password, or the end of everything that is open, changes the mark, so every older token is invalid at once,
and nobody has to delete them.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from knox.models import AuthToken

from organizations.people.models import User

#: Characters of the mark.
MARK = 10


def mark(user: User) -> str:
    """The mark with which the tokens of this person begin under the present password."""
    known = f"{user.password}{user.generation}"
    return salted_hmac("organizations.signing_in.tokens", known, algorithm="sha256").hexdigest()[:MARK]


def issue(user: User) -> tuple[AuthToken, str]:
    """A new token and its text, which is not stored; invalid tokens of the person are deleted."""
    AuthToken.objects.filter(user=user).exclude(pk__in=living(user).values("pk")).delete()
    return AuthToken.objects.create(user, prefix=mark(user))


def living(user: User) -> QuerySet[AuthToken]:
    """The tokens of a person that are valid now, newest first."""
    return AuthToken.objects.filter(
        user=user, token_key__startswith=mark(user), expiry__gt=timezone.now()
    ).order_by("-created")


def good(token: AuthToken, user: User) -> bool:
    """Whether a token was issued under the present password."""
    return token.token_key.startswith(mark(user))
