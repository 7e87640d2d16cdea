"""Whom an administrator may help with the account: with what is open, a forgotten password, a lost second factor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from enum import Enum, auto

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.inbox.notices import enumerated
from foundation.journal import sentences
from foundation.journal.models import Entry
from foundation.refusals import NotYours
from foundation.roles import Actor, Role
from organizations.people import letting_in
from organizations.people.models import Membership, User
from organizations.people.states import BASIS

#: For how long one administrator does one half of it alone (``require_another``).
APART = timedelta(days=30)

#: What is written into the journal of the acts that let an administrator in together with others.
HELP_WITH_CONTACT = sentences.act(
    letting_in.CONTACT, gettext_lazy("%(who)s改了这个人登记的联系方式"), confided=True
)
RESET_FACTORS = sentences.act("reset_factors", gettext_lazy("%(who)s清除了这个人的第二步验证"), confided=True)

#: The acts by which a link for a new password is sent.
SENDS_LINKS = ("renew", "send_again")


class Half(Enum):
    """The two halves of what would let an administrator in as somebody else: a way to a new password (a link for it, or
    another telephone or mail address to which such a link goes), and no second factor.
    """

    PASSWORD = auto()
    FACTOR = auto()

    @property
    def other(self) -> Half:
        return Half.FACTOR if self is Half.PASSWORD else Half.PASSWORD


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


def require_another(person: User, by: Actor, half: Half) -> None:
    """Raise ``NotYours`` where one half of what would let an administrator in as the person is asked of whoever has
    lately done the other, or has lately been let in by the same people, or has let him in. It says who may do it.
    """
    if refused := refusal_of_a_half(person, by, half):
        raise refused


def refusal_of_a_half(person: User, by: Actor, half: Half) -> NotYours | None:
    """The refusal of ``require_another``; None where the administrator may do this half."""
    kept = kept_from_a_half([person.pk], half).get(person.pk, set())
    if by.user_id not in kept:
        return None
    words = (
        _(
            "最近 30 天里\uff0c您或和您有邀请关系的人清除过第二步验证\uff1a密码和联系方式请另一位管理员改。%(who)s"
        )
        if half is Half.PASSWORD
        else _(
            "最近 30 天里\uff0c您或和您有邀请关系的人改过密码或联系方式\uff1a第二步验证请另一位管理员清除。%(who)s"
        )
    )
    return NotYours(words % {"who": _whom_to_ask(person, kept)}, rule=BASIS)


def kept_from_a_half(people: Iterable[int], half: Half) -> dict[int, set[int]]:
    """Who may not do one half for each of these people (keys of users, as all here): those who have lately done the
    other, and whoever was lately let in by them or by the same people, or let them in.
    """
    done = _doers(set(people), half.other)
    if not done:
        return {}
    everybody = {one for doers in done.values() for one in doers}
    kin = letting_in.of_one_origin(everybody, among=letting_in.lately())
    return {person: doers.union(*(kin[one] for one in doers)) for person, doers in done.items()}


def _doers(people: set[int], half: Half) -> dict[int, set[int]]:
    """Who has lately done one half for each of these people."""
    lately = Entry.objects.filter(at__gte=moments.now() - APART).order_by()
    act = RESET_FACTORS if half is Half.FACTOR else HELP_WITH_CONTACT
    own = lately.filter(lifecycle=User._meta.label, object_id__in=people, move=act)
    found: dict[int, set[int]] = defaultdict(set)
    done = list(own.values_list("object_id", "actor_id"))
    if half is Half.PASSWORD:
        links = apps.get_model(letting_in.INVITATION)._default_manager.filter(role="", user__in=people)
        whose = dict(links.order_by().values_list("pk", "user_id"))
        sent = lately.filter(lifecycle=letting_in.INVITATION, object_id__in=whose, move__in=SENDS_LINKS)
        done += [(whose[pk], doer) for pk, doer in sent.values_list("object_id", "actor_id")]
    for person, doer in done:
        if doer is not None:
            found[person].add(doer)
    return dict(found)


def _whom_to_ask(person: User, kept: set[int]) -> str:
    """Which administrators may do it, in words."""
    held = Membership.objects.of_today().filter(role=Role.ADMINISTRATOR, user__is_active=True)
    others = held.exclude(user__in={*kept, person.pk}).select_related("user").order_by("user")
    names = [membership.user.full_name for membership in others]
    if not names:
        return _(
            "现在没有另一位能办的市系统管理员。急用的\uff0c请结束这个人的身份\uff08名下的事交给同事\uff09\uff0c"
            "再邀请本人另建一个账号\uff0c可以用原来的手机。"
        )
    return _("请找市系统管理员：%(names)s。") % {"names": enumerated(names)}
