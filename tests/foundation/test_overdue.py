"""The overdue register cannot be edited; what stays overdue is told further up; a year not
announced is provisional and recomputed.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from foundation import moments
from foundation.deadlines import calendar, clocks
from foundation.deadlines.models import Clock, Overdue
from foundation.holidays import following
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.moments import SHANGHAI
from referrals.needs import triage
from tests import factories


def clock_of(obj, key: str) -> Clock:
    return Clock.objects.get(lifecycle=obj._meta.label, object_id=obj.pk, rule_key=key, stopped_at=None)


def late(need, days: float = 0) -> Clock:
    clock = clock_of(need, "need.transfer")
    clocks.tick(clock.due_at + timedelta(days=days, seconds=1))
    clock.refresh_from_db()
    return clock


def test_a_missed_deadline_is_written_down_with_rule_and_clause():
    need = factories.OpenNeed()
    clock = late(need)
    line = Overdue.objects.get(clock=clock)
    assert (line.rule_key, line.rule_version, line.basis) == ("need.transfer", 0, "S14")
    assert line.awaited == f"窗口工作人员（{need.town}）"
    assert line.object_name == str(need)


@pytest.mark.parametrize("act", ["update", "delete"])
def test_nobody_edits_the_register(act):
    late(factories.OpenNeed())
    with pytest.raises(DatabaseError), transaction.atomic():
        if act == "update":
            Overdue.objects.update(awaited="")
        else:
            Overdue.objects.all().delete()


def test_a_deadline_is_registered_once_however_often_the_clock_ticks():
    clock = late(factories.OpenNeed())
    clocks.tick(clock.due_at + timedelta(hours=1))
    assert Overdue.objects.filter(clock=clock).count() == 1


def test_a_provider_that_lets_time_run_out_is_in_the_register_too():
    referral = factories.OfferedReferral()
    clock = clock_of(referral, "referral.answer")
    clocks.tick(clock.due_at)
    assert "承接主体" in Overdue.objects.get(clock=clock).awaited


def test_what_stays_overdue_is_told_further_up_each_time():
    need = factories.OpenNeed()
    first = late(need)
    for days, level in ((3, 1), (7, 2), (15, 3), (30, 3)):
        clocks.tick(first.overdue_at + timedelta(days=days, seconds=1))
        first.refresh_from_db()
        assert first.escalated == level
    told = Notice.objects.filter(object_id=need.pk, texts__icontains="督办")
    assert set(told.values_list("role", flat=True)) == {"window", "civil_affairs", "auditor"}
    assert told.filter(role="auditor").count() == 2
    assert Entry.objects.filter(object_id=need.pk, move="escalate").count() == 3


def test_what_was_done_in_the_meantime_is_told_to_nobody():
    need = factories.OpenNeed(kind="living")
    first = late(need)
    triage.transfer(need, by=factories.window_of(need.town), body=triage.propose("living").body)
    clocks.tick(first.overdue_at + timedelta(days=4))
    first.refresh_from_db()
    assert first.escalated == 0


def test_the_register_is_for_oversight_only(client_of):
    late(factories.OpenNeed())
    page = client_of("minzheng").get("/overdue/")
    assert "仍未办理" in page.content.decode()
    assert client_of("shenji").get("/api/v1/overdue").json()["results"]
    assert client_of("chuangkou").get("/overdue/").status_code == 403


# --- a year that is not announced -------------------------------------------------------


@pytest.fixture
def across_the_year():
    """A need whose ten working days reach into a year that is not announced."""
    year = next(y for y in range(2026, 2040) if calendar._announced(date(y, 6, 1)) is None)
    with moments.as_of(datetime(year - 1, 12, 28, 10, tzinfo=SHANGHAI)):
        referral = factories.TransferredNeed()
        handler = (
            factories.PersonOf(role="handler", role__organization=referral.body).memberships.get().actor()
        )
        need = triage.take_up(referral, by=handler)
        yield need, clock_of(need, "need.handling"), year


def test_a_deadline_in_a_year_not_announced_says_that_it_is_provisional(across_the_year, client_of):
    need, clock, _year = across_the_year
    assert clock.provisional
    page = client_of("chuangkou").get(need.get_absolute_url()).content.decode()
    assert "尚未公布放假安排的年份" in page


def test_once_the_days_are_known_the_deadline_moves_and_the_change_is_shown(across_the_year):
    need, clock, year = across_the_year
    before = clock.due_at
    factories.free_days(date(year, 1, 5))
    assert following.follow() == 1
    clock.refresh_from_db()
    assert clock.due_at > before
    entry = Entry.objects.get(object_id=need.pk, move="recompute")
    assert "改为" in entry.reason
    assert following.follow_the_package() == 0


def test_a_pause_is_kept_when_the_deadline_is_recomputed(across_the_year):
    need, clock, _year = across_the_year
    window = factories.window_of(need.matter.town)
    clocks.pause(clock, by=window, cause="papers_awaited", reason="等出生证明")
    with moments.as_of(moments.now() + timedelta(days=3)):
        clock = clocks.resume(clock, by=window)
        assert clock.lost > 0
        due = clock.due_at
        assert following.follow_the_package() == 0
        clock.refresh_from_db()
        assert clock.due_at == due
