"""Whether somebody of the staff is reached at a telephone or a mail address already."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.advisory_locks import take_lock
from foundation.journal import sentences, writing
from foundation.refusals import Invalid
from foundation.roles import Actor
from organizations.people.models import Membership, User
from organizations.people.states import BASIS

#: What is written into the journal of an account that somebody has left behind.
LEFT_BEHIND = sentences.act(
    "contact_left", gettext_lazy("%(who)s另建了账号\uff0c这个账号的手机和邮箱随之转走")
)


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


def leave_to(person: User, *, by: Actor) -> None:
    """Take the telephone and the mail address of a new account from accounts that hold nothing any more."""
    phone = person.phone.plain() if person.phone else ""
    holding = Membership.objects.from_today().values("user")
    others = User.objects.filter(private=False, is_active=True).exclude(pk__in=holding).exclude(pk=person.pk)
    for other in others.order_by("pk"):
        same_phone = bool(phone) and other.phone is not None and other.phone.plain() == phone
        same_email = bool(person.email) and other.email.casefold() == person.email.casefold()
        if same_phone or same_email:
            other.phone, other.email = (
                (None if same_phone else other.phone),
                ("" if same_email else other.email),
            )
            other.save(update_fields=["phone", "email"])
            writing.write(User._meta.label, other, LEFT_BEHIND, by, basis=BASIS, name=other.full_name)
