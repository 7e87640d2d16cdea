"""The first administrator of a city: by the link that the first start prints, or by the command."""

from __future__ import annotations

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
from marketplace.server import operating
from organizations.people.acts import CREATE_ADMINISTRATOR
from organizations.people.models import Membership, User

#: The salt of the link, and for how long it may be followed (seconds); each start prints a new one.
SALT, LASTS = "marketplace.office.first", 24 * 3600
#: The lock under which administrators are made, and the city is begun.
_ALONE = "first-administrator"


INSTRUCTIONS = """
Nobody can sign in yet. Make the first account, whose owner sets the city up and lets everybody else in, with this link
(good for a day, until somebody has used it):
  {link}
or in a second terminal:
  {command}
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
    return INSTRUCTIONS.format(link=link(), command=operating.command("create_administrator"))


def require_good(token: str) -> None:
    """Raise ``BadSignature`` for a link that is not ours, and ``NotNow`` for one that was used or is over."""
    signing.loads(token, salt=SALT)
    if not wanted():
        raise NotNow(_("这个链接已经用过，第一位管理员已经有账号。请用那个账号登录。"), rule="S2")
    try:
        signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.SignatureExpired:
        words = _("这个链接已过期。重新启动服务器，用新印出的链接。")
        raise NotNow(words, rule="S2") from None


def begin_the_city() -> None:
    """Make the city's row, if there is none: from then on the database is that of a city, and no demonstration's."""
    with transaction.atomic():
        take_lock(_ALONE)
        _begun()


def administrator(*, username: str, full_name: str, password: str) -> User:
    """The account of the first administrator, by the link; raises ``NotNow`` if somebody was first meanwhile."""
    return _made(username, full_name, password, only_the_first=True)


def another(*, username: str, full_name: str, password: str) -> User:
    """The account of a further administrator, by the command, for a city whose administrators have all left."""
    return _made(username, full_name, password, only_the_first=False)


def _made(username: str, full_name: str, password: str, *, only_the_first: bool) -> User:
    """The account and its membership; the city's row, if it has none. One is made after the other.

    Steps that were closed for want of a second pair of eyes are open then, so work items are made anew; this is done
    after the transaction, which would keep everything locked that waits.
    """
    with transaction.atomic():
        take_lock(_ALONE)
        if only_the_first and not wanted():
            raise NotNow(_("已经有管理员了，请用管理员的账号登录。"), rule="S2")
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
        _begun()
    rebuilding.follow_the_day()
    return user


def _begun() -> None:
    """The city's row, made if there is none."""
    if not City.objects.exists():
        setting_up.begin(by=SYSTEM)
