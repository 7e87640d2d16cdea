"""Whoever is awaited was told of it by what led to it, and can open what he is led to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.test import Client

from foundation import moments
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.parties import Addressee, people_meant
from foundation.work_items.models import WorkItem
from organizations.people.models import Membership
from organizations.signing_in.middleware import SESSION_KEY

pytestmark = pytest.mark.story

#: Within this time after its entry whatever an action tells is told.
AT_ONCE = timedelta(minutes=1)


def seats_of(addressee: Addressee) -> list[Membership]:
    """Everybody whom an addressee means today, in the role in which it does."""
    (meant,) = people_meant.call([addressee])
    seats = Membership.objects.on(moments.today()).filter(user__in=meant[addressee], role=addressee.role)
    found = seats.select_related("user", "organization", "place").order_by("pk")
    return [seat for seat in found if addressee.means(seat.actor())]


def what_led_to(item: WorkItem) -> Entry:
    """The journal entry since which the step is awaited: of the proposal that it decides, else the last that
    changed the state.
    """
    status, row = item.table.field_name, item.transition
    proposing = [found.name for found in item.table.transitions if found.proposal]
    decides = row is not None and row.name in item.table.proposals.values()
    return next(
        entry
        for entry in Entry.objects.filter(lifecycle=item.lifecycle, object_id=item.object_id)
        if (
            entry.move in proposing
            if decides
            else entry.after.get(status, entry.before.get(status)) != entry.before.get(status)
        )
    )


def told_at(entry: Entry) -> QuerySet[Notice]:
    """What was told of the object of an entry as it was written."""
    about = {"lifecycle": entry.lifecycle, "object_id": entry.object_id}
    return Notice.objects.filter(at__range=(entry.at, entry.at + AT_ONCE), **about)


def awaited() -> Iterator[tuple[WorkItem, Entry, Membership]]:
    """Each item of the story that waits, what led to it, and each person who is awaited and had to be told.

    Of a seat of which somebody led to it who may go on himself nobody needs to be.
    """
    for item in WorkItem.objects.filter(waits=True):
        entry = what_led_to(item)
        seats = [seat for seat in seats_of(item.addressee) if seat.user_id not in item.kept_from]
        if entry.actor_id not in {seat.user_id for seat in seats}:
            for seat in seats:
                yield item, entry, seat


def test_who_is_awaited_was_told_by_what_led_to_it():
    asked, four_eyes, untold = 0, 0, []
    for item, entry, seat in awaited():
        asked += 1
        four_eyes += item.transition is not None and bool(item.transition.apart_from)
        if not told_at(entry).visible_to(seat.actor()).exists():
            untold.append((str(item), seat.user.username, entry.move))
    assert asked > 60
    assert four_eyes > 5
    assert untold == []


def led() -> set[tuple[str, Addressee]]:
    """Where items and notices lead, and whom."""
    found = {(item.link, item.addressee) for item in WorkItem.objects.all()}
    found |= {(item.address, item.addressee) for item in WorkItem.objects.exclude(address="")}
    seat = ("role", "organization_id", "place_id", "user_id")
    notices = Notice.objects.exclude(link="").values_list("link", *seat).distinct()
    return found | {(link, Addressee(*keys)) for link, *keys in notices}


def signed_in(seat: Membership) -> Client:
    """A browser in which somebody has signed in, in this of his roles."""
    client = Client()
    client.force_login(seat.user)
    session = client.session
    session[SESSION_KEY] = seat.pk
    session.save()
    return client


@pytest.mark.slow
def test_where_a_notice_or_an_item_leads_its_addressee_may_go():
    """As one person of each seat that somebody holds today."""
    leads = led()
    held = {addressee: seats_of(addressee) for addressee in {addressee for _link, addressee in leads}}
    clients = {addressee: signed_in(seats[0]) for addressee, seats in held.items() if seats}
    opened = {
        (address, addressee): clients[addressee].get(address).status_code
        for address, addressee in sorted(leads, key=str)
        if addressee in clients
    }
    assert len(clients) > 30
    assert len(opened) > 500
    assert {lead: status for lead, status in opened.items() if status != 200} == {}
