"""Work of the minute, the day and the week: in the city's time, made up after any outage, once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import connection

from catalog.editions.models import Edition
from catalog.editions.states import EDITION
from contracts.contracts.models import Contract
from contracts.contracts.states import CONTRACT
from evaluations.warnings import warning
from evaluations.warnings.models import Signal
from foundation import moments
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock, Overdue
from foundation.moments import SHANGHAI
from foundation.scheduling import routines
from foundation.scheduling.models import Routine
from referrals.offers.states import REFERRAL
from tests import factories
from tests.procurement import purchases
from tests.racing import at_once


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


@pytest.fixture
def calls(monkeypatch) -> list[tuple[str, date]]:
    """The daily and weekly work of a test, and what was called of it."""
    made: list[tuple[str, date]] = []

    def noted(name: str):
        return lambda day: made.append((name, day))

    monkeypatch.setattr(routines, "DAILY", {})
    routines.each_day("test.daily", noted("daily"), at=time(2, 30))
    routines.each_week("test.weekly", noted("weekly"), weekday=0, at=time(6), of_its_day=True)
    return made


def run_at(*parts: int) -> None:
    with time_machine.travel(at(*parts), tick=False):
        routines.run_daily()


def test_daily_work_begins_at_its_time_in_the_city_and_is_done_once(calls):
    run_at(2026, 12, 1, 2, 29)
    assert [call for call in calls if call[0] == "daily"] == [("daily", date(2026, 11, 30))]
    calls.clear()
    for minute in (30, 31, 59):
        run_at(2026, 12, 1, 2, minute)
    assert calls == [("daily", date(2026, 12, 1))]
    calls.clear()
    run_at(2027, 1, 1, 2, 30)  # the new year of the city, still the old one in UTC
    assert ("daily", date(2027, 1, 1)) in calls


def test_after_an_outage_daily_work_is_made_up_at_once_and_once(calls):
    run_at(2026, 12, 1, 3, 0)
    calls.clear()
    run_at(2026, 12, 9, 14, 25)
    run_at(2026, 12, 9, 14, 26)
    assert [call for call in calls if call[0] == "daily"] == [("daily", date(2026, 12, 9))]


def test_every_week_that_was_missed_is_looked_at(calls):
    run_at(2026, 12, 7, 6, 1)  # a Monday
    calls.clear()
    run_at(2026, 12, 29, 11, 0)
    weekly = [day for name, day in calls if name == "weekly"]
    assert weekly == [date(2026, 12, 14), date(2026, 12, 21), date(2026, 12, 28)]
    calls.clear()
    run_at(2027, 1, 3, 23, 59)
    assert [call for call in calls if call[0] == "weekly"] == []


def test_what_fails_is_tried_again_with_growing_waits_and_stops_nothing_else(monkeypatch, calls):
    tried: list[datetime] = []

    def fail(day: date) -> None:
        tried.append(moments.now())
        raise KeyError("broken")

    first = routines.DAILY.pop("test.daily")
    routines.each_day("test.broken", fail, at=time(2, 30))
    routines.DAILY["test.daily"] = first
    for minute in range(60):
        run_at(2026, 12, 1, 3, minute)
    assert ("daily", date(2026, 12, 1)) in calls
    waits = [(b - a).total_seconds() / 60 for a, b in pairwise(tried)]
    assert waits == [2, 4, 8, 16]


def test_two_workers_at_once_do_it_once(own_database, calls):
    with time_machine.travel(at(2026, 12, 1, 3, 0), tick=False):
        at_once([routines.run_daily] * 4)
        routines.run_daily()
    assert [call for call in calls if call[0] == "daily"] == [("daily", date(2026, 12, 1))]


def test_a_worker_killed_in_the_middle_leaves_the_day_to_be_done_again(own_database, calls):
    run_at(2026, 12, 1, 3, 0)
    calls.clear()
    # Killed: the lock is gone with its connection, the try is counted, the day is not marked.
    Routine.objects.filter(name="test.daily").update(tries=1, again_at=at(2026, 12, 2, 2, 32))
    run_at(2026, 12, 2, 2, 33)
    assert ("daily", date(2026, 12, 2)) in calls


def test_no_routine_of_the_house_is_read_in_another_time_zone():
    """Nothing runs by a cron of its own but once a minute: crons are read in UTC."""
    from procrastinate.contrib.django import app

    crons = {periodic_task.cron for periodic_task in app.periodic_registry.periodic_tasks.values()}
    assert crons == {"* * * * *"}
    assert {
        "foundation.recompute",
        "foundation.follow_the_day",
        "evaluations.carry_on",
        "evaluations.sum_anew",
        "evaluations.watch",
        "catalog.look_at_renewals",
    } <= set(routines.DAILY)


def test_the_weekly_warning_looks_at_the_week_that_was_missed(monkeypatch):
    seen: list[date] = []
    monkeypatch.setattr(warning, "watch", seen.append)
    Routine.objects.create(name="evaluations.watch", last_day=date(2026, 11, 30))
    monkeypatch.setattr(routines, "DAILY", {"evaluations.watch": routines.DAILY["evaluations.watch"]})
    run_at(2026, 12, 15, 9, 0)
    assert seen == [date(2026, 11, 30), date(2026, 12, 7)]
    assert not Signal.objects.filter(week__gt=date(2026, 12, 7)).exists()


# --- the first minute of the day ----------------------------------------------------------


def test_contracts_begin_and_end_in_the_first_minute_of_their_day():
    with moments.as_of(at(2026, 12, 1, 9)):
        contract = factories.ContractInForce(start_on=date(2026, 12, 15), end_on=date(2026, 12, 31))
    with time_machine.travel(at(2026, 12, 14, 23, 59, 50), tick=False):
        routines.run_minute()
        assert Contract.objects.get(pk=contract.pk).status == "signed"
    with time_machine.travel(at(2026, 12, 15, 0, 0, 10), tick=False):
        routines.run_minute()
        assert Contract.objects.get(pk=contract.pk).status == "in_force"
    with time_machine.travel(at(2026, 12, 31, 23, 59, 50), tick=False):
        routines.run_minute()
        assert Contract.objects.get(pk=contract.pk).status == "in_force"
    with time_machine.travel(at(2027, 1, 1, 0, 0, 10), tick=False):
        routines.run_minute()
        assert Contract.objects.get(pk=contract.pk).status == "completed"


def test_an_edition_is_the_law_from_the_first_minute_of_its_day():
    tomorrow = moments.today() + timedelta(days=1)
    edition = factories.ScheduledEdition(in_force_from=tomorrow)
    with time_machine.travel(datetime.combine(tomorrow, time(0, 0, 5), SHANGHAI), tick=False):
        routines.run_minute()
        assert Edition.objects.get(pk=edition.pk).status == "in_force"


# --- one that raises stops no other ---------------------------------------------------------


def broken(lifecycle, name: str, monkeypatch, *, object_id: int) -> None:
    """Let one move of one object raise what nobody expects."""
    real = lifecycle.actions[name]

    def action(obj, **given):
        if obj.pk == object_id:
            raise KeyError("broken")
        return real(obj, **given)

    monkeypatch.setitem(lifecycle.actions, name, action)


def test_a_clock_that_raises_stops_no_other_and_is_tried_again(monkeypatch):
    with moments.as_of(at(2026, 3, 2, 9)):
        first, second = factories.OfferedReferral(), factories.OfferedReferral()
    with monkeypatch.context() as patched:
        broken(REFERRAL, "time_out", patched, object_id=first.pk)
        clocks.tick()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("offered", "timed_out")
    clocks.tick()
    first.refresh_from_db()
    assert first.status == "timed_out"
    assert Overdue.objects.filter(lifecycle=REFERRAL.label, object_id=first.pk).count() == 1


@pytest.mark.tampers
def test_a_clock_of_a_life_that_is_no_more_stops_no_other():
    with moments.as_of(at(2026, 3, 2, 9)):
        need, referral = factories.OpenNeed(), factories.OfferedReferral()
    Clock.objects.filter(lifecycle="referrals.Need", object_id=need.pk).update(
        lifecycle="gone.Thing", due_at=at(2026, 3, 2, 10)
    )
    clocks.tick()
    referral.refresh_from_db()
    assert referral.status == "timed_out"


@pytest.mark.parametrize("kind", ["contract", "edition", "project"])
def test_an_object_that_raises_stops_no_other_of_its_kind(kind, monkeypatch):
    from catalog.editions import publishing
    from contracts.contracts import running
    from procurement.purchases import planning, scheduled
    from procurement.purchases.states import PROJECT

    later = moments.now() + timedelta(days=400)
    if kind == "contract":
        first, second = factories.ContractInForce(), factories.ContractInForce()
        module, action, run, after = running, "complete", running.follow_the_days, "completed"
        field = CONTRACT.field_name
    elif kind == "edition":
        day = moments.today() + timedelta(days=3)
        first = factories.ScheduledEdition(in_force_from=day)
        second = factories.ScheduledEdition(in_force_from=day)
        module, action, run, after = (publishing, "come_into_force", publishing.bring_into_force, "in_force")
        field = EDITION.field_name
    else:
        first, second = purchases.published(), purchases.published()
        module, action, run, after = planning, "close", scheduled.follow_the_clock, "failed"
        field = PROJECT.field_name
    real = getattr(module, action)

    def fault(obj, **given):
        if obj.pk == first.pk:
            raise KeyError("broken")
        return real(obj, **given)

    with moments.as_of(later):
        before = getattr(first, field)
        with monkeypatch.context() as patched:
            patched.setattr(module, action, fault)
            run()
        first.refresh_from_db()
        second.refresh_from_db()
        assert (getattr(first, field), getattr(second, field)) == (before, after)
        run()
        first.refresh_from_db()
        assert getattr(first, field) != before


def test_a_kind_of_work_that_raises_leaves_the_clocks_running(monkeypatch):
    def fail() -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(routines, "MINUTELY", {"test.broken": fail})
    with moments.as_of(at(2026, 3, 2, 9)):
        referral = factories.OfferedReferral()
    routines.run_minute()
    referral.refresh_from_db()
    assert referral.status == "timed_out"


# --- who is told when the clocks stand still ------------------------------------------------


def test_civil_affairs_sees_in_red_that_the_clocks_stand_still(client_of):
    bench = client_of("minzheng")
    assert "还没有运行过" in bench.get("/workbench/").content.decode()
    routines.run_minute()
    assert "计时没有运行" not in bench.get("/workbench/").content.decode()
    Routine.objects.filter(name="clocks").update(ran_at=moments.now() - timedelta(minutes=4))
    assert "计时没有运行" not in bench.get("/workbench/").content.decode()
    Routine.objects.filter(name="clocks").update(ran_at=moments.now() - timedelta(minutes=6))
    assert "计时没有运行：最近一次在" in bench.get("/workbench/").content.decode()
    assert "计时没有运行" not in client_of("chuangkou").get("/workbench/").content.decode()


def test_a_tick_that_could_not_look_at_the_clocks_is_no_sign_of_life(monkeypatch):
    def fail(now: datetime | None = None) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(clocks, "tick", fail)
    with pytest.raises(RuntimeError):
        routines.run_minute()
    assert not Routine.objects.filter(name="clocks").exists()
    assert connection.is_usable()
