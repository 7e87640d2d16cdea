"""Until when the city has an administrator who can act: without one nobody lets anybody in any more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.refusals import NotNow
from foundation.roles import Role
from foundation.wording import day, filled
from organizations.people.models import Membership
from organizations.people.states import BASIS

#: The lock of whoever ends or limits what an administrator of the city holds, so that two leave one of them.
LOCK = "administrators-of-the-city"


def held() -> list[Membership]:
    """What administrators hold from today on, in accounts in use; not what is lent for an hour."""
    return list(
        Membership.objects.from_today().filter(role=Role.ADMINISTRATOR, until=None, user__is_active=True)
    )


def covered_until(days: Iterable[tuple[date, date | None]]) -> date:
    """The last of the days from today on, without a gap, on each of which one of several memberships counts, given by
    their first and last days; yesterday for none.
    """
    reached = moments.today() - timedelta(days=1)
    for first, last in sorted(days, key=lambda pair: pair[0]):
        if reached == date.max or first > reached + timedelta(days=1):
            break
        reached = max(reached, last or date.max)
    return reached


def refusal(
    membership: Membership, among: Sequence[Membership], *, last: date | None, ends: bool = False
) -> NotNow | None:
    """Why one of the memberships ``among`` those of administrators does not get another ``last`` day, or ``ends`` now:
    the city would have an administrator for less long than it has. None where nothing is lost.
    """
    days = {one.pk: (one.valid_from, one.valid_to) for one in among}
    before = covered_until(days.values())
    if membership.pk not in days:
        return None
    if ends:
        del days[membership.pk]
    else:
        days[membership.pk] = (membership.valid_from, last)
    after = covered_until(days.values())
    if after >= before:
        return None
    if after < moments.today():
        words = _("这样以后全市就没有系统管理员了\uff0c没有人能让别人进来。请先把这个身份给另一个人。")
        return NotNow(words, rule=BASIS)
    words = _("这样到%(day)s以后全市就没有系统管理员了\uff0c没有人能让别人进来。请先把这个身份给另一个人。")
    return NotNow(filled(words, day=day(after)), rule=BASIS)
