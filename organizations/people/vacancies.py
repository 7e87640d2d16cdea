"""What waits for a seat that nobody else holds once a membership is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from foundation.parties import Addressee
from foundation.work_items.models import WorkItem, seats_of
from organizations.people.models import Membership, MembershipQuerySet


def colleagues_of(membership: Membership, day: date) -> MembershipQuerySet:
    """The other people with an account in use who hold the same role in the same seat on a day; not those who stand in
    for an hour in an emergency.
    """
    seat = {"organization": membership.organization_id, "place": membership.place_id}
    held = Membership.objects.on(day).filter(role=membership.role, until=None, user__is_active=True, **seat)
    return held.exclude(user=membership.user_id)


def waiting_for_nobody(membership: Membership, day: date, *, but: Collection[str] = ()) -> int:
    """How many cases wait for what somebody is in a membership while nobody else is it on a day, or nobody who is not
    kept from the step; without what the objects of the tables ``but`` wait for, of the person alone.
    """
    items = WorkItem.objects.filter(waits=True, role=membership.role)
    mine = items.filter(seat__in=seats_of(membership.actor()))
    columns = ("organization_id", "place_id", "user_id")
    cases: set[str] = set()
    for keys in mine.order_by().values_list(*columns).distinct():
        addressee = Addressee(membership.actor().role, *keys)
        left = _left_of(mine.filter(seat=addressee.seat), membership, addressee, day)
        if addressee.user is not None:
            left = left.exclude(lifecycle__in=but)
        cases.update(left.order_by().values_list("case", flat=True).distinct())
    return len(cases)


def _left_of(
    items: QuerySet[WorkItem], membership: Membership, addressee: Addressee, day: date
) -> QuerySet[WorkItem]:
    """Those of the items of one addressee that nobody else can see to on a day."""
    named = {"organization": addressee.organization, "place": addressee.place, "user": addressee.user}
    meant = {name: key for name, key in named.items() if key is not None}
    held = Membership.objects.on(day).filter(role=addressee.role, until=None, user__is_active=True, **meant)
    others = sorted(set(held.exclude(pk=membership.pk).values_list("user", flat=True)))
    if not others:
        return items
    return items.filter(kept_from__contains=others).exclude(kept_from__contains=[membership.user_id])
