"""What one person would hold at once: roles that never meet are told where somebody is invited, not where he joins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from foundation.forms.typed import compared
from foundation.roles import Actor
from organizations.invitations.models import Invitation
from organizations.invitations.namesakes import Reached
from organizations.invitations.states import InvitationStatus, Purpose
from organizations.people import incompatible
from organizations.people.models import Membership, User


class Expected:
    """What people of several names hold, are invited to, or stand with in a row before, and how each is reached.

    Two of one name are one person here where they share a telephone or a mail address.
    """

    def __init__(self, names: Iterable[str], by: Actor) -> None:
        self._held: dict[str, list[tuple[Reached, Membership]]] = defaultdict(list)
        asked = {spelling for name in names for spelling in (name, "".join(name.split()))}
        held = Membership.objects.from_today().filter(user__full_name__in=asked, user__private=False)
        for one in held.select_related("user"):
            self._held[compared(one.user.full_name)].append((_of_account(one.user), one))
        sent = Invitation.objects.filter(
            status__in=InvitationStatus.unfinished(), purpose=Purpose.JOIN, full_name__in=asked
        )
        for invitation in sent.order_by("pk"):
            phone = invitation.phone.plain() if invitation.phone else ""
            reached = Reached.by(phone, invitation.email)
            self.add(
                invitation.full_name, reached, invitation.role, invitation.valid_from, invitation.valid_to
            )
        self._sender = User.objects.filter(pk=by.user_id or 0, full_name__in=asked).first()

    def add(self, full_name: str, reached: Reached, role: str, first: date | None, last: date | None) -> None:
        """Note that somebody will hold a role between two days."""
        days = {"valid_to": last} if first is None else {"valid_from": first, "valid_to": last}
        self._held[compared(full_name)].append((reached, Membership(role=role, **days)))

    def fault_of(self, full_name: str, reached: Reached, role: str, first: date, last: date | None) -> str:
        """Why the role is not for this person: whoever invites is meant, or it must not meet another; "" for nothing."""
        sender = self._sender
        named = sender is not None and compared(sender.full_name) == compared(full_name)
        if sender is not None and named and _of_account(sender).shares(reached):
            return _("这是您自己\uff1a不能给自己身份\uff0c请另一位管理员邀请。")
        return incompatible.fault_of(self._of(full_name, reached), role, first, last)

    def dispensable(
        self, full_name: str, reached: Reached, role: str, first: date, last: date | None
    ) -> User | None:
        """The account of somebody to whom a dispensation can give the role that is refused him; None where there is none."""
        held = self._of(full_name, reached)
        people = {one.user for one in held if one.user_id is not None}
        if len(people) != 1 or not incompatible.dispensable(held, role, first, last):
            return None
        return people.pop()

    def _of(self, full_name: str, reached: Reached) -> list[Membership]:
        """What somebody holds, or is invited to."""
        return [one for other, one in self._held[compared(full_name)] if other.shares(reached)]


def _of_account(person: User) -> Reached:
    return Reached.by(person.phone.plain() if person.phone else "", person.email)
