"""Whoever is awaited for a step that another may not make has been told of it, and can open what it is about."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import resolve

from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.parties import people_meant
from foundation.work_items.models import WorkItem
from organizations.people.models import Membership

pytestmark = pytest.mark.story


def test_who_is_awaited_for_a_four_eyes_step_was_told():
    asked, untold = 0, []
    for item in WorkItem.objects.filter(waits=True):
        if item.transition is None or not item.transition.apart_from:
            continue
        about = {"lifecycle": item.lifecycle, "object_id": item.object_id}
        acted = set(Entry.objects.filter(**about).values_list("actor_id", flat=True))
        (meant,) = people_meant.call([item.addressee])
        for user in set(meant[item.addressee]) - set(item.kept_from) - acted:
            seats = Membership.objects.filter(user=user, role=item.role)
            told = any(Notice.objects.visible_to(seat.actor()).filter(**about).exists() for seat in seats)
            asked += 1
            untold += [] if told else [(str(item), user)]
    assert asked > 5
    assert untold == []


def test_where_a_notice_or_an_item_leads_its_addressee_may_go():
    led = {(item.link, item.role) for item in WorkItem.objects.all()}
    led |= {(item.address, item.role) for item in WorkItem.objects.exclude(address="")}
    led |= set(Notice.objects.exclude(link="").values_list("link", "role"))
    views: dict[str, Any] = {address: resolve(address).func for address, _role in led}
    shut = [
        (address, role)
        for address, role in sorted(led)
        if not views[address].view_class.access.allows("GET", role)
    ]
    assert len(led) > 200
    assert shut == []
