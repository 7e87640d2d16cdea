"""Whoever comes among those who decide for the city is told at once to all who answer for it and to the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from foundation.refusals import Unsaid
from foundation.roles import DECIDES_FOR_THE_CITY, SEES_STAFF, Actor
from foundation.wording import filled, said_when_shown
from organizations.people import events, telling
from organizations.people.models import Membership, User

if TYPE_CHECKING:
    from organizations.invitations.models import Invitation


def tell_of_an_invitation(invitation: Invitation, by: Actor) -> None:
    """Tell of an invitation to such a role, but not whoever sends it."""
    words = gettext_lazy("%(who)s邀请%(name)s担任“%(seat)s”。您不知道这件事的\uff0c请马上核实。")
    name, seat = invitation.full_name, said_when_shown(lambda: invitation.seat)
    told = filled(words, who=by.name or by.said, name=name, seat=seat)
    _tell_all(told, invitation.get_absolute_url(), besides=by.user_id)


@events.given.register
def tell_of_a_membership(membership: Membership) -> None:
    """Tell of somebody who holds such a role from now on, but not the person; what is lent in an emergency is told there."""
    if membership.role not in DECIDES_FOR_THE_CITY or membership.emergency_id is not None:
        return
    words = gettext_lazy("%(name)s得到了身份“%(seat)s”。您不知道这件事的\uff0c请马上核实。")
    told = filled(words, name=membership.user.full_name, seat=said_when_shown(lambda: str(membership)))
    _tell_all(told, membership.get_absolute_url(), besides=membership.user_id)


def _tell_all(words: Unsaid, page: str, *, besides: int | None) -> None:
    """Tell everybody of ``SEES_STAFF`` today, in the inbox and by text or mail."""
    held = Membership.objects.of_today().filter(role__in=SEES_STAFF, emergency=None)
    people = User.objects.filter(pk__in=held.order_by().values("user"), is_active=True)
    for person in people.order_by("pk"):
        if person.pk != besides:
            telling.tell(person, words, about="staff:decides", page=page)
