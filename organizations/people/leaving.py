"""What stands under the name of somebody whose membership ends, and telling of it in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import cast

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.inbox import notices
from foundation.isolation import apart
from foundation.parties import reached_by
from foundation.refusals import Unsaid
from foundation.rules import reading
from foundation.wording import filled
from organizations.people import events, telling
from organizations.people.events import Carried
from organizations.people.models import Membership, MembershipQuerySet
from organizations.people.states import MembershipStatus
from organizations.permissions import giving as those_who_give

#: The rule with the days before the last one.
RULE = "people.last_days"


def carried_by(membership: Membership) -> list[Carried]:
    """What stands under the name of whoever holds a membership, each kind of which there is something."""
    found = (one for said in events.carried.call(membership) for one in said)
    return [one for one in found if one.count]


def left_by(membership: Membership) -> list[Carried]:
    """What of it nobody carries on after the last day: nothing where the person holds the same seat longer."""
    later = Q(valid_to=None) | Q(valid_to__gt=membership.valid_to)
    seat = {"role": membership.role, "organization": membership.organization_id, "place": membership.place_id}
    if membership.user.memberships.from_today().filter(later, **seat).exclude(pk=membership.pk).exists():
        return []
    return carried_by(membership)


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
    """Tell the person and the administrators."""
    said = {"seat": membership, "day": membership.valid_to, "cases": _in_words(left)}
    words = gettext_lazy(
        "%(name)s的身份“%(seat)s”到 %(day)s 为止，名下还有%(cases)s。到期不会自动交给别人，"
        "请在那天用“立即结束”选接手的同事。"
    )
    _tell_administrators(
        membership,
        filled(words, name=membership.user.full_name, **said),
        link=reverse("membership-end", args=[membership.pk]),
    )
    words = gettext_lazy("您的身份“%(seat)s”到 %(day)s 为止，名下还有%(cases)s。请和管理员商量由谁接手。")
    page = membership.get_absolute_url()
    telling.tell(membership.user, filled(words, **said), about="membership:last-day", page=page)


def tell_of_what_is_left(membership: Membership) -> None:
    """Tell the administrators what stands under the name of somebody whose membership is over, if anything does."""
    if left := left_by(membership):
        words = gettext_lazy(
            "%(name)s的身份“%(seat)s”已结束，名下还有%(cases)s没有交给别人。"
            "请再给本人一天这个身份，用“立即结束”选接手的同事。"
        )
        told = filled(words, name=membership.user.full_name, seat=membership, cases=_in_words(left))
        _tell_administrators(membership, told, link=membership.user.get_absolute_url())


def _in_words(left: Sequence[Carried]) -> list[Unsaid]:
    """Each kind with its number."""
    return [filled(one.words, count=one.count) for one in left]


def _tell_administrators(membership: Membership, words: Unsaid, *, link: str) -> None:
    """Tell those who give such a membership and end it."""
    notices.deliver(membership, reached_by(those_who_give, membership), words, link=link)
