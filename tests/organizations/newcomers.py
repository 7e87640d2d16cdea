"""People who are invited and join, for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from foundation.roles import Role
from organizations.bodies.models import Organization
from organizations.invitations import inviting, joining
from organizations.invitations.models import Invitation
from organizations.people.models import User
from tests.factories import actor

PASSWORD = "wu-xi-jiang-yin-2026"

#: Telephones of those who join, of which each has one account.
NUMBERS = (f"1380000{number:04d}" for number in count(1))


def invited(by: str = "guanli", **given: Any) -> Invitation:
    """An invitation to be handler of one body, or with what is given."""
    given = {
        "full_name": "钱一",
        "role": Role.HANDLER,
        "organization": Organization.objects.get(code="renshe"),
        "channel": "text",
        "phone": "13800000001",
        **given,
    }
    return inviting.invite(by=actor(by), **given)


def joined(username: str = "qianyi", **given: Any) -> User:
    """Who has accepted such an invitation, with a telephone of their own."""
    given = {"phone": next(NUMBERS), **given}
    return joining.join(invited(**given), username=username, password=PASSWORD)
