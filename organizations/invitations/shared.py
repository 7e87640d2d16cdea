"""Telephones and mail addresses that are another person's: one of them has one account, so a second person could not join."""

from __future__ import annotations

from collections import defaultdict

from django.utils.translation import gettext as _

from foundation.forms.typed import compared
from organizations.invitations.models import Invitation
from organizations.invitations.namesakes import Reached
from organizations.invitations.states import InvitationStatus, Purpose
from organizations.people.models import User


class Owners:
    """Who is reached where: the names behind each telephone and mail address of accounts in use and of invitations that
    wait, and whoever is added. Numbers are encrypted, so each is read, once.
    """

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], set[str]] = defaultdict(set)
        for person in User.objects.filter(private=False, is_active=True).only("full_name", "phone", "email"):
            self.add(person.full_name, person.phone.plain() if person.phone else "", person.email)
        sent = Invitation.objects.filter(status__in=InvitationStatus.unfinished(), purpose=Purpose.JOIN)
        for one in sent.only("full_name", "phone", "email"):
            self.add(one.full_name, one.phone.plain() if one.phone else "", one.email)

    def add(self, full_name: str, phone: str, email: str) -> None:
        """Note one more person who is reached there."""
        for key in _keys(phone, email).values():
            self._names[key].add(compared(full_name))

    def faults_of(self, full_name: str, phone: str, email: str) -> dict[str, str]:
        """What is wrong with the telephone and the mail address of somebody who is invited: another person's are no way
        to an account of one's own. One person may be invited to several roles.
        """
        words = {
            "phone": _("这个手机是另一位的\uff08姓名不同\uff09\uff1a一个手机只有一个账号\uff0c请写本人的。"),
            "email": _("这个邮箱是另一位的\uff08姓名不同\uff09\uff1a一个邮箱只有一个账号\uff0c请写本人的。"),
        }
        own = {compared(full_name)}
        return {field: words[field] for field, key in _keys(phone, email).items() if self._names[key] - own}


def _keys(phone: str, email: str) -> dict[str, tuple[str, str]]:
    """The number and the address as they are compared, by the field; those that are given."""
    reached = Reached.by(phone, email)
    pairs = {"phone": reached.phone, "email": reached.email}
    return {field: (field, text) for field, text in pairs.items() if text}
