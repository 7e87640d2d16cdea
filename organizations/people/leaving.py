"""What nobody sees to once a membership is over, and telling of it in time and afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.inbox import notices
from foundation.inbox.notices import MOST_NAMES
from foundation.isolation import apart
from foundation.parties import reached_by
from foundation.refusals import Unsaid
from foundation.rules import reading
from foundation.wording import filled
from organizations.people import events, telling, vacancies
from organizations.people.events import Carried
from organizations.people.models import Membership, MembershipQuerySet
from organizations.people.states import MembershipStatus
from organizations.permissions import handing_on as those_who_hand_on

#: The rule with the days before the last one.
RULE = "people.last_days"


def carried_by(membership: Membership) -> list[Carried]:
    """What stands under the name of whoever holds a membership, each kind of which there is something."""
    found = (one for said in events.carried.call(membership) for one in said)
    return [one for one in found if one.count]


def left_by(membership: Membership, day: date | None = None) -> list[Carried]:
    """What nobody sees to from a day on: what stands under the person's name, unless the person holds the same seat
    then, and what waits for a seat that nobody else holds. The day is by default the one after the last, or today.
    """
    day = day or first_day_without(membership)
    carried = [] if holds_on(membership, day) else carried_by(membership)
    waiting = vacancies.waiting_for_nobody(membership, day, but={one.label for one in carried})
    if waiting:
        words = gettext_lazy("%(count)s 件等这个身份来办的事")
        carried.append(Carried(words, passes=False, number=waiting))
    return carried


def first_day_without(membership: Membership) -> date:
    """The first day on which a membership counts no more: today where it is over or has no last day."""
    today = max(moments.today(), membership.valid_from)
    if membership.valid_to is None or membership.over:
        return today
    return max(today, membership.valid_to + timedelta(days=1))


def holds_on(membership: Membership, day: date) -> bool:
    """Whether the person holds the same seat on a day by another membership."""
    seat = {"role": membership.role, "organization": membership.organization_id, "place": membership.place_id}
    others = Membership.objects.on(day).filter(user=membership.user_id, until=None, **seat)
    return others.exclude(pk=membership.pk).exists()


def running_out(first: date, last: date) -> MembershipQuerySet:
    """The memberships whose last day is one of these, but those of an emergency, which are a matter of an hour."""
    return Membership.objects.filter(
        status__in=MembershipStatus.unfinished(), valid_to__range=(first, last), until=None
    )


def tell_of_last_days() -> None:
    """Tell the people whose memberships end soon, and those who may end them with a hand-over before, of what stands
    under the name: once at each of the days of the rule, and nobody where nothing does.

    Of several days that have passed untold, as while the machine was off, is told once.
    """
    days = sorted(reading.current(RULE).value["days"])
    today = moments.today()
    ending = running_out(today, today + timedelta(days=days[-1]))
    for membership in ending.select_related("user", "organization", "place").order_by("pk"):
        with apart("membership.tell_of_last_day", membership=membership.pk):
            _tell_once(membership, days)


def _tell_once(membership: Membership, days: Sequence[int]) -> None:
    """Tell of a membership that ends within the last of some ``days``, unless it was told since the one reached now."""
    last = cast(date, membership.valid_to)
    reached = next(day for day in days if last <= moments.today() + timedelta(days=day))
    before = membership.last_day_told_at if membership.last_day_told_of == last else None
    if before is not None and before <= reached:
        return
    if left := left_by(membership):
        _tell(membership, left)
        Membership.objects.filter(pk=membership.pk).update(last_day_told_of=last, last_day_told_at=reached)


def _tell(membership: Membership, left: Sequence[Carried]) -> None:
    """Tell the person, the administrators, and whoever else sees to it that a colleague carries on."""
    day = membership.valid_to
    said = {"seat": membership, "day": day, "cases": _in_words(left)}
    name = membership.user.full_name
    if vacancies.colleagues_of(membership, first_day_without(membership)).exists():
        words = gettext_lazy(
            "%(name)s的身份“%(seat)s”到 %(day)s 为止\uff0c还有%(cases)s。到期不会自动交给别人\uff0c"
            "请在那天用“立即结束”选接手的同事。"
        )
        page = reverse("membership-end", args=[membership.pk])
    else:
        words = gettext_lazy(
            "%(name)s的身份“%(seat)s”到 %(day)s 为止\uff0c还有%(cases)s。之后没有别人担任这个身份\uff0c"
            "请先邀请接手的人\uff0c或把这个身份给别人。"
        )
        page = membership.get_absolute_url()
    _tell_administrators(membership, filled(words, name=name, **said), link=page)
    words = gettext_lazy("您的身份“%(seat)s”到 %(day)s 为止\uff0c名下还有%(cases)s。请和管理员商量由谁接手。")
    page = membership.get_absolute_url()
    telling.tell(membership.user, filled(words, **said), about="membership:last-day", page=page)


def tell_of_what_is_left(membership: Membership) -> None:
    """Tell the administrators, and whoever else sees to it that a colleague carries on, what nobody sees to since a
    membership is over, if there is anything; it can still be handed on.
    """
    left = left_by(membership)
    if not left:
        return
    if vacancies.colleagues_of(membership, moments.today()).exists():
        words = gettext_lazy(
            "%(name)s的身份“%(seat)s”已结束\uff0c还有%(cases)s没有人接。请打开这个身份\uff0c用“交给同事”选接手的人。"
        )
    else:
        words = gettext_lazy(
            "%(name)s的身份“%(seat)s”已结束\uff0c还有%(cases)s没有人接。现在没有别人担任这个身份\uff0c"
            "请邀请接手的人\uff0c或把这个身份给别人。"
        )
    told = filled(words, name=membership.user.full_name, seat=membership, cases=_in_words(left))
    _tell_administrators(membership, told, link=membership.get_absolute_url())


def _in_words(left: Sequence[Carried]) -> list[Unsaid]:
    """Each kind in words."""
    return [_with_names(one) for one in left]


def _with_names(one: Carried) -> Unsaid:
    """One kind with its number; of what a colleague may carry on the first by their numbers too."""
    words = filled(one.words, count=one.count)
    names = one.names(MOST_NAMES + 1) if one.passes else []
    if not names:
        return words
    more = "\u2026" if len(names) > MOST_NAMES else ""
    return filled(
        gettext_lazy("%(words)s\uff08%(names)s%(more)s\uff09"),
        words=words,
        names=names[:MOST_NAMES],
        more=more,
    )


def _tell_administrators(membership: Membership, words: Unsaid, *, link: str) -> None:
    """Tell those who give such a membership and end it, and whoever else hands on what stands under the name."""
    notices.deliver(membership, reached_by(those_who_hand_on, membership), words, link=link)
