"""Two of one name who are invited to one seat: one person, or two who are told apart by telephone and mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from foundation.forms import phones, typed
from organizations.invitations.models import Invitation
from organizations.invitations.states import InvitationStatus, Purpose


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


def invited_already(full_name: str) -> str:
    """What is said where the same person is invited to the same seat already."""
    return _("已给%(name)s发过这个邀请，还没有打开；可以重发。") % {"name": full_name}
