"""Who opens the addresses: every person of the demonstration, and the busiest of a city."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count
from django.test import Client

from demo.accounts import accounts
from foundation import moments
from foundation.permissions import NOBODY
from foundation.roles import PEOPLE, PROVIDER_SIDE, Actor
from organizations.people.models import Membership, User
from referrals.offers.models import Referral


@dataclass(frozen=True)
class Person:
    """Somebody in a role, with the session of a browser."""

    role: str
    user: User | None = None

    @cached_property
    def actor(self) -> Actor | None:
        """In which membership; None for who is not signed in."""
        return self.user.memberships.filter(role=self.role)[0].actor() if self.user else None

    @cached_property
    def client(self) -> Client:
        """A browser that is signed in, where there is anybody to sign in."""
        client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
        if self.user is not None:
            client.force_login(self.user)
        return client


def people(role: str) -> list[Person]:
    """The people of a role, the one with the most work first; nobody for nobody."""
    if role == NOBODY:
        return [Person(NOBODY)]
    names = [row["username"] for row in accounts() if row["role"] == role]
    demo = sorted(User.objects.filter(username__in=names), key=lambda user: names.index(user.username))
    return [Person(role, user) for user in dict.fromkeys([*_busiest(role), *demo])]


def roles() -> tuple[str, ...]:
    """All roles of people, and nobody."""
    return (*PEOPLE, NOBODY)


def _busiest(role: str) -> Iterator[User]:
    """Somebody of that role who works for the provider with the most referrals."""
    if role not in PROVIDER_SIDE:
        return
    most = Referral.objects.order_by().values_list("provider__organization").annotate(n=Count("pk"))
    for organization, _count in most.order_by("-n")[:1]:
        held = Membership.objects.on(moments.today()).filter(role=role, organization=organization)
        yield from User.objects.filter(memberships__in=held)[:1]
