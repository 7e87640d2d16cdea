"""Whoever comes is told at once: among those who decide for the city to all who answer for it and to the audit, anywhere
else to whoever holds the same seat and answers for the organization.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy

from foundation.inbox import notices
from foundation.parties import Addressee
from foundation.refusals import Unsaid
from foundation.roles import ANSWERS_FOR_A_PROVIDER, DECIDES_FOR_THE_CITY, SEES_STAFF, Actor, Role
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


def tell_of_a_new_password(person: User, by: Actor) -> None:
    """Tell of a link by which such a person sets a new password, but not whoever sends it, who could use it himself."""
    if not person.memberships.from_today().filter(role__in=DECIDES_FOR_THE_CITY).exists():
        return
    words = gettext_lazy("%(who)s给%(name)s发了重设密码的链接。您不知道这件事的\uff0c请马上核实。")
    told = filled(words, who=by.name or by.said, name=person.full_name)
    _tell_all(told, reverse("person", args=[person.pk]), besides=by.user_id)


@events.given.register
def tell_of_a_membership(membership: Membership) -> None:
    """Tell of somebody who holds such a role from now on, but not the person; what is lent in an emergency is told there."""
    if membership.role not in DECIDES_FOR_THE_CITY or membership.emergency_id is not None:
        return
    words = gettext_lazy("%(name)s得到了身份“%(seat)s”。您不知道这件事的\uff0c请马上核实。")
    told = filled(words, name=membership.user.full_name, seat=said_when_shown(lambda: str(membership)))
    _tell_all(told, membership.get_absolute_url(), besides=membership.user_id)


@events.given.register
def tell_the_colleagues(membership: Membership) -> None:
    """Tell those beside whom somebody works from now on, where there are any: they know their own people."""
    if membership.role in DECIDES_FOR_THE_CITY or membership.emergency_id is not None:
        return
    seat = Addressee(Role(membership.role), membership.organization_id, membership.place_id)
    others = Membership.objects.of_today().exclude(user=membership.user_id).filter(user__is_active=True)
    words = gettext_lazy("%(name)s从 %(day)s 起担任“%(seat)s”。您不认识这个人的\uff0c请马上告诉系统管理员。")
    told = filled(words, name=membership.user.full_name, day=membership.valid_from, seat=membership)
    beside = others.filter(role=seat.role, organization=seat.organization, place=seat.place)
    if seat.definite and beside.exists():
        notices.deliver(membership, [seat], told, link=reverse("workbench"))
    answering = [Addressee(role, seat.organization) for role in ANSWERS_FOR_A_PROVIDER if role != seat.role]
    held = others.filter(organization=seat.organization) if seat.organization else others.none()
    there = set(held.order_by().values_list("role", flat=True))
    notices.deliver(membership, [one for one in answering if one.role in there], told)


def _tell_all(words: Unsaid, page: str, *, besides: int | None) -> None:
    """Tell everybody of ``SEES_STAFF`` today, in the inbox and by text or mail."""
    held = Membership.objects.of_today().filter(role__in=SEES_STAFF, emergency=None)
    people = User.objects.filter(pk__in=held.order_by().values("user"), is_active=True)
    for person in people.order_by("pk"):
        if person.pk != besides:
            telling.tell(person, words, about="staff:decides", page=page)
