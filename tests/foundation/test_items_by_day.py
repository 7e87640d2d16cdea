"""Each morning the work items are what the objects give on that day, though nobody has acted."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
import time_machine

from foundation import moments
from foundation.moments import SHANGHAI
from foundation.roles import Role
from foundation.scheduling import routines
from foundation.work_items import rebuilding
from foundation.work_items.models import WorkItem
from organizations.people.models import ConflictKind, ConflictOfInterest, Membership, User
from tests import factories
from tests.evaluations.leaving import PANEL, heard, people
from tests.following import stale_items

pytestmark = pytest.mark.story

#: The mornings after the story: three weeks, then some when deadlines, contracts and years have ended.
MORNINGS = (*range(1, 22), 60, 370)


def with_dated_ties() -> None:
    """An exit on which a panel votes: one of it worked there almost three years ago, one has a conflict for a week;
    and somebody who is of civil affairs from the third to the ninth day.
    """
    exit_, today = heard(factories.AccreditedProvider()), moments.today()
    _official, former, tied = people(*PANEL)
    Membership.objects.filter(user=former, role=Role.EVALUATOR).update(valid_from=moments.today())
    Membership.objects.create(
        user_id=former,
        role=Role.COORDINATOR,
        organization=exit_.provider.organization,
        valid_from=today - timedelta(days=4000),
        valid_to=today - timedelta(days=3 * 365 - 4),
    )
    ConflictOfInterest.objects.create(
        person_id=tied,
        organization=exit_.provider.organization,
        kind=ConflictKind.KIN,
        until=today + timedelta(days=7),
    )
    officer = User.objects.create(username="dai.ban", full_name="代办人")
    Membership.objects.create(
        user=officer,
        role=Role.CIVIL_AFFAIRS,
        valid_from=today + timedelta(days=3),
        valid_to=today + timedelta(days=9),
    )
    rebuilding.follow_the_day()


def test_each_morning_after_the_story_the_items_are_what_the_objects_give(db):
    with_dated_ties()
    today, shown = moments.today(), set()
    for days in MORNINGS:
        morning = datetime.combine(today + timedelta(days=days), time(8), SHANGHAI)
        with time_machine.travel(morning, tick=False):
            routines.run_minute()
            routines.run_daily()
            assert stale_items() == [], f"{days} days after the story"
        shown.add(WorkItem.objects.count())
    assert len(shown) > 3  # much has happened meanwhile
