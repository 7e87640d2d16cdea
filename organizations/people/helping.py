"""Whom an administrator may help with the account: with what is open, a forgotten password, a lost second factor."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from foundation import moments
from foundation.journal.models import Entry
from foundation.refusals import NotYours
from foundation.roles import ANSWERS_FOR_THE_CITY, Actor, Role
from organizations.people.models import User
from organizations.people.states import BASIS

#: For how long one administrator does one half of it alone (``require_another``).
APART = timedelta(days=30)


def may_help(person: User, by: Actor) -> bool:
    """Whether an administrator may help a person with the account (end what is open, renew the password, reset the second
    factor, change where the person is reached): that of the city everybody but himself, that of an organization those
    who hold nothing elsewhere.
    """
    if person.pk == by.user_id or person.private:
        return False
    if by.role is Role.ADMINISTRATOR:
        return True
    if by.role is not Role.STAFF_MANAGER:
        return False
    return is_only_of(person, by.organization)


def is_only_of(person: User, organization: int) -> bool:
    """Whether a person holds something for an organization (its key) from today on, and nothing elsewhere."""
    held = person.memberships.from_today()
    elsewhere = ~Q(organization=organization) | Q(organization=None)
    return held.exists() and not held.filter(elsewhere).exists()


def require(person: User, by: Actor) -> None:
    """Raise ``NotYours`` for a person whom the administrator may not help."""
    if not may_help(person, by):
        raise NotYours(_("这个人还在别处任职，请找市系统管理员办理。"), rule=BASIS)


def require_another(person: User, by: Actor, done: Q) -> None:
    """Raise ``NotYours`` where an administrator has lately ``done`` (a condition of entries) the other half of what
    would let him in as somebody who answers for the city: a new password, and no second factor.
    """
    answers = person.memberships.from_today().filter(role__in=ANSWERS_FOR_THE_CITY)
    lately = Entry.objects.filter(done, actor_id=by.person, at__gte=moments.now() - APART)
    if answers.exists() and lately.exists():
        words = _("给管理员和民政重设密码、清除第二步验证\uff0c要由两位管理员分别办理。请找另一位管理员。")
        raise NotYours(words, rule=BASIS)
