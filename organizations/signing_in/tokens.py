"""Tokens of programs: each carries a mark of the password under which it was given.

With another password the mark is another, so every token is dead at once, whoever changed
the password and however; nobody has to remember to delete them.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from knox.models import AuthToken

from organizations.people.models import User

#: Characters of the mark at the beginning of a token.
MARK = 10


def mark(user: User) -> str:
    """What the tokens of this person begin with, under the password of now."""
    return salted_hmac("organizations.signing_in.tokens", user.password, algorithm="sha256").hexdigest()[
        :MARK
    ]


def issue(user: User) -> tuple[AuthToken, str]:
    """A new token, and its text, which is kept nowhere; those that are dead are deleted."""
    AuthToken.objects.filter(user=user).exclude(pk__in=living(user).values("pk")).delete()
    return AuthToken.objects.create(user, prefix=mark(user))


def living(user: User) -> QuerySet[AuthToken]:
    """The tokens of a person that are good now."""
    return AuthToken.objects.filter(
        user=user, token_key__startswith=mark(user), expiry__gt=timezone.now()
    ).order_by("-created")


def good(token: AuthToken, user: User) -> bool:
    """Whether a token was given under the password of now."""
    return token.token_key.startswith(mark(user))
