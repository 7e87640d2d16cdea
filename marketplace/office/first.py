"""The first administrator of a city: by the link that the first start prints, or by the command."""

from __future__ import annotations

import os

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.advisory_locks import take_lock
from foundation.city import setting_up
from foundation.city.models import City
from foundation.journal import writing
from foundation.refusals import NotNow
from foundation.roles import SYSTEM, Role
from foundation.work_items import rebuilding
from organizations.people.acts import CREATE_ADMINISTRATOR
from organizations.people.models import Membership, User

#: The salt of the link, and for how long it may be followed (seconds); each start prints a new one.
SALT, LASTS = "marketplace.office.first", 24 * 3600


INSTRUCTIONS = """
Nobody can sign in yet. Make the first account, whose owner sets the city up and lets everybody else in, with this link
(good for a day, until somebody has used it):
  {link}
or in a second terminal:
  {python} manage.py create_administrator
"""


def wanted() -> bool:
    """Whether nobody administers the city yet."""
    return not Membership.objects.filter(role=Role.ADMINISTRATOR).exists()


def link() -> str:
    """The address under which the first administrator makes an account; it is good until there is one."""
    token = signing.dumps("first", salt=SALT)
    return settings.PUBLIC_ADDRESS + reverse("begin-city", args=[token])


def instructions() -> str:
    """What the operator is told while nobody administers the city."""
    python = f"{os.environ.get('VENV', '.venv')}/bin/python"
    return INSTRUCTIONS.format(link=link(), python=python)


def good(token: str) -> bool:
    """Whether a link may be followed: it is ours, not over, and nobody administers the city yet."""
    try:
        signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return False
    return wanted()


def administrator(*, username: str, full_name: str, password: str) -> User:
    """The account of the first administrator, by the link; raises ``NotNow`` if somebody was first meanwhile."""
    with transaction.atomic():
        take_lock("first-administrator")
        if not wanted():
            raise NotNow(_("已经有管理员了，请用管理员的账号登录。"), rule="S2")
        user = _made(username, full_name, password)
    rebuilding.follow_the_day()
    return user


def another(*, username: str, full_name: str, password: str) -> User:
    """The account of a further administrator, by the command, for a city whose administrators have all left."""
    with transaction.atomic():
        user = _made(username, full_name, password)
    rebuilding.follow_the_day()
    return user


def _made(username: str, full_name: str, password: str) -> User:
    """The account and its membership; the city's row, if it has none.

    Steps that were closed for want of a second pair of eyes are open then: the caller makes work items anew, after this
    transaction, which would keep everything locked that waits.
    """
    user = User(username=username, full_name=full_name)
    user.set_password(password)
    user.save()
    membership = Membership.objects.create(user=user, role=Role.ADMINISTRATOR)
    writing.write(
        "organizations.Membership",
        membership,
        CREATE_ADMINISTRATOR,
        SYSTEM,
        after={"username": username, "role": Role.ADMINISTRATOR},
    )
    if not City.objects.exists():
        setting_up.begin(by=SYSTEM)
    return user
