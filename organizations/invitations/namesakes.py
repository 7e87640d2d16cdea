"""Two of one name who are invited to one seat: one person, or two who are told apart by telephone and mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from foundation.forms import phones, typed
from organizations.invitations.models import Invitation
from organizations.invitations.states import InvitationStatus, Purpose
from organizations.people.models import Membership


@dataclass(frozen=True)
class Seat:
    """A name in a role, for an organization and at a place by their keys."""

    full_name: str
    role: str
    organization: int | None
    place: int | None


@dataclass(frozen=True)
class Reached:
    """How somebody is reached, in the form in which two are compared; "" for what is not known."""

    phone: str
    email: str

    @classmethod
    def by(cls, phone: str, email: str) -> Reached:
        """The same of what was typed."""
        return cls(phones.normalized(phone) or phone, typed.compared(email))

    def is_same(self, other: Reached) -> bool:
        """Whether two of one name in one seat are one person.

        They are two where they share neither number nor address, or where one of these differs. Whoever has neither
        cannot be told from the other.
        """
        pairs = ((self.phone, other.phone), (self.email, other.email))
        if not any(mine for mine, _theirs in pairs) or not any(theirs for _mine, theirs in pairs):
            return True
        if any(mine and theirs and mine != theirs for mine, theirs in pairs):
            return False
        return self.shares(other)

    def shares(self, other: Reached) -> bool:
        """Whether both have the same number or the same address."""
        pairs = ((self.phone, other.phone), (self.email, other.email))
        return any(mine and mine == theirs for mine, theirs in pairs)


def waiting(names: Iterable[str]) -> dict[Seat, list[Reached]]:
    """Who of these names is invited to which seat, and has not joined yet."""
    found: dict[Seat, list[Reached]] = {}
    sent = Invitation.objects.filter(
        status__in=InvitationStatus.unfinished(), purpose=Purpose.JOIN, full_name__in=set(names)
    )
    for one in sent.only("full_name", "role", "organization", "place", "phone", "email"):
        seat = Seat(one.full_name, one.role, one.organization_id, one.place_id)
        phone = one.phone.plain() if one.phone else ""
        found.setdefault(seat, []).append(Reached.by(phone, one.email))
    return found


@dataclass(frozen=True)
class Holding:
    """Somebody who holds a seat already: how the person is reached, and between which days."""

    reached: Reached
    first: date
    last: date | None

    def meets(self, reached: Reached, first: date, last: date | None) -> bool:
        """Whether it is certainly the same person, who would hold the seat twice on one of the days."""
        within = (last is None or self.first <= last) and (self.last is None or first <= self.last)
        return within and self.reached.shares(reached)


def holding(names: Iterable[str]) -> dict[Seat, list[Holding]]:
    """Who of these names holds which seat today or later."""
    found: dict[Seat, list[Holding]] = {}
    held = Membership.objects.from_today().filter(user__full_name__in=set(names), user__private=False)
    for one in held.select_related("user"):
        seat = Seat(one.user.full_name, one.role, one.organization_id, one.place_id)
        phone = one.user.phone.plain() if one.user.phone else ""
        reached = Reached.by(phone, one.user.email)
        found.setdefault(seat, []).append(Holding(reached, one.valid_from, one.valid_to))
    return found


def held_already(full_name: str) -> str:
    """What is said where the same person holds the same seat on some of the days."""
    return _("%(name)s在这些日子里已有这个身份，不用再邀请。") % {"name": full_name}


def invited_already(full_name: str) -> str:
    """What is said where the same person is invited to the same seat already."""
    return _("已给%(name)s发过这个邀请，还没有打开；可以重发。") % {"name": full_name}
