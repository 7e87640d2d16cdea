"""A question between two windows that is void says so in words that are true, whichever household ended."""

from __future__ import annotations

import pytest

from foundation.inbox.models import Notice
from households.joining.models import Joining
from households.register import registration
from tests.households.windows import AT_HOME, NEXT_TOWN, asked_for_the_head_of, registered, window_at


@pytest.mark.parametrize("closed", [AT_HOME, NEXT_TOWN])
def test_both_windows_are_told_that_circumstances_have_changed(closed):
    household, home = registered(AT_HOME), registered(NEXT_TOWN)
    asked = asked_for_the_head_of(home, household)
    Notice.objects.all().delete()
    ended = household if closed == AT_HOME else home
    registration.close(ended, by=window_at(closed), reason="离开本市")
    asked.refresh_from_db()
    assert asked.status == "lapsed"
    told = Notice.objects.filter(lifecycle=Joining._meta.label, object_id=asked.pk)
    assert {notice.place_id for notice in told} == {household.town_id, home.town_id}
    assert all("情况已变" in notice.text for notice in told)
