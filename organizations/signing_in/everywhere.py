"""Ending everything that a person has open: sessions, tokens of programs, accounts of neighbouring systems."""

from __future__ import annotations

from django.db.models import F

from organizations.people import events
from organizations.people.models import User
from organizations.signing_in.models import BrowserSession, Token


def sign_out(person: User) -> None:
    """End all sessions and tokens of a person; the next request in each is refused.

    They bear the mark of the person's ``generation``, which moves on.
    """
    User.objects.filter(pk=person.pk).update(generation=F("generation") + 1)
    Token.objects.filter(user=person).delete()
    BrowserSession.objects.filter(user=person).delete()
    person.refresh_from_db(fields=["generation"])
    events.ended.call(person)
