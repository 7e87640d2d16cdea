"""Whether somebody of the staff is reached at a telephone or a mail address already."""

from __future__ import annotations

from django.utils.translation import gettext as _

from foundation.advisory_locks import take_lock
from foundation.refusals import Invalid
from organizations.people.models import Membership, User
from organizations.people.states import BASIS


def by(phone: str, email: str, *, but: User | None = None, holding: bool = False) -> bool:
    """Whether an account in use has this mobile number or this mail address, ``but`` for one; with ``holding`` only one
    whose person holds something from today on. Numbers are encrypted, so each is read.
    """
    staff = User.objects.filter(private=False, is_active=True).exclude(pk__in=[but.pk] if but else [])
    if holding:
        staff = staff.filter(pk__in=Membership.objects.from_today().values("user"))
    if email and staff.filter(email__iexact=email).exists():
        return True
    numbers = staff.exclude(phone=None).values_list("phone", flat=True) if phone else ()
    return any(number is not None and number.plain() == phone for number in numbers)


def require_free(
    phone: str, email: str, *, field: str = "", but: User | None = None, holding: bool = False
) -> None:
    """Raise ``Invalid``, at a ``field`` where one is named, for a number or an address that another account has already
    (``by``): the roles of one person are kept apart within one account. Nobody else takes them until the transaction
    ends.
    """
    for mark in sorted(filter(None, (phone, email.casefold()))):
        take_lock("reached", mark)
    if by(phone, email, but=but, holding=holding):
        words = _(
            "这个手机或邮箱已经有账号，一个人只用一个。有邀请的，先用那个账号登录，再打开链接；没有的，请换一位同事的手机。"
        )
        raise Invalid(words, fields={field: words} if field else {}, rule=BASIS)
