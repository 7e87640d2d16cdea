"""Sessions of people who have signed in as a new city asks, with a second factor."""

from __future__ import annotations

from django.test import Client

from organizations.people.models import User
from organizations.signing_in.middleware import PROVED


def proved(user: User) -> Client:
    """A browser's session of a person who has given a second factor."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[PROVED] = 1
    session.save()
    return client
