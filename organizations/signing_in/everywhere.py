"""Ending everything that a person has open: sessions, tokens of programs, accounts of neighbouring systems."""

from __future__ import annotations

from django.db.models import F
from knox.models import AuthToken

from organizations.people.models import User


def sign_out(person: User) -> None:
    """End all sessions and tokens of a person; the next request in each is refused.

    They bear the mark of the person's ``generation``, which moves on.
    """
    User.objects.filter(pk=person.pk).update(generation=F("generation") + 1)
    AuthToken.objects.filter(user=person).delete()
    person.refresh_from_db(fields=["generation"])
