"""Who begins in a city that has nothing yet; for files that are marked ``empty``."""

from __future__ import annotations

import pytest
from django.test import Client

from foundation.roles import Actor
from organizations.people.models import User
from tests.factories.sessions import proved
from tests.organizations import sheets


@pytest.fixture
def admin() -> Actor:
    """The administrator whom the command makes on an empty server."""
    return sheets.first_administrator()


@pytest.fixture
def session(admin: Actor) -> Client:
    """That administrator at a browser, signed in with a second factor."""
    return proved(User.objects.get(pk=admin.user_id))
