"""Chinese working days, and the clocks that run on them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.invoices import invoicing
from foundation import moments
from foundation.deadlines import calendar, clocks
from foundation.deadlines.calendar import CalendarDays, Hours, WorkingDays
from foundation.deadlines.models import Clock, Overdue, PauseCause
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.moments import SHANGHAI
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.rules import reading
from referrals.needs import triage
from referrals.offers import offering
from referrals.offers.states import REFERRAL
from tests import factories
from tests.procurement import purchases


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


def last_day(due: calendar.Due) -> date:
    """Deadlines end at midnight; this is the last day within."""
    return (due.at - timedelta(seconds=1)).astimezone(SHANGHAI).date()


# --- the calendar -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "day,working",
    [
        (date(2026, 2, 14), True),  # a Saturday that makes up for the Spring Festival
        (date(2026, 2, 28), True),
        (date(2026, 10, 10), True),
        (date(2026, 2, 17), False),  # Spring Festival
        (date(2026, 10, 1), False),
        (date(2026, 5, 9), True),
        (date(2026, 3, 7), False),  # an ordinary Saturday
        (date(2026, 3, 9), True),
    ],
)
def test_the_yearly_notice_is_followed_make_up_weekends_included(day, working):
    assert calendar.is_working(day) == (working, False)


def test_the_day_of_the_event_is_not_counted():
    due = calendar.due(at(2026, 3, 2, 9), WorkingDays(2))  # a Monday
    assert due.at == at(2026, 3, 5)
    assert last_day(due) == date(2026, 3, 4)


def test_two_working_days_before_the_spring_festival_end_on_the_make_up_saturday():
    due = calendar.due(at(2026, 2, 12, 16), WorkingDays(2))  # Thursday
    assert last_day(due) == date(2026, 2, 14)


def test_two_days_of_s19_are_calendar_days():
    due = calendar.due(at(2026, 9, 30, 16), CalendarDays(2))
    assert last_day(due) == date(2026, 10, 2)
    assert last_day(calendar.due(at(2026, 9, 30, 16), WorkingDays(2))) == date(2026, 10, 9)


def test_hours_run_day_and_night():
    assert calendar.due(at(2026, 10, 1, 23), Hours(4)).at == at(2026, 10, 2, 3)


def test_a_deadline_counts_from_the_local_day_whatever_the_clock_of_the_machine():
    utc = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # 3 March, half past midnight, in the city
    assert last_day(calendar.due(utc, CalendarDays(1))) == date(2026, 3, 4)


def test_a_year_not_announced_is_provisional_and_one_that_is_is_not():
    assert calendar.due(at(2026, 3, 2), WorkingDays(5)).provisional is False
    assert calendar.due(at(2027, 3, 2), WorkingDays(5)).provisional is True


def test_a_deadline_that_only_crosses_into_such_a_year_is_provisional():
    due = calendar.due(at(2026, 12, 30, 10), WorkingDays(3))
    assert due.provisional
    assert last_day(due) > date(2027, 1, 1)  # New Year's Day is a holiday in any year


def test_the_citys_override_wins_over_the_notice():
    factories.free_days(date(2026, 3, 3))
    assert calendar.is_working(date(2026, 3, 3)) == (False, False)
    assert last_day(calendar.due(at(2026, 3, 2), WorkingDays(1))) == date(2026, 3, 4)


def test_an_override_makes_a_provisional_day_certain():
    factories.working_days(date(2027, 3, 3))
    assert calendar.is_working(date(2027, 3, 3)) == (True, False)


@settings(max_examples=60, deadline=None)
@given(
    start=st.datetimes(datetime(2024, 1, 1), datetime(2026, 11, 1)),
    count=st.integers(min_value=1, max_value=40),
)
def test_a_deadline_of_n_working_days_has_n_working_days_in_it(start, count):
    begin = start.replace(tzinfo=SHANGHAI)
    last = last_day(calendar.due(begin, WorkingDays(count)))
    assert calendar.is_working(last)[0]
    assert calendar.working_days_between(begin.date(), last) == count


@settings(max_examples=60, deadline=None)
@given(
    start=st.datetimes(datetime(2024, 1, 1), datetime(2026, 11, 1)),
    few=st.integers(min_value=1, max_value=20),
    more=st.integers(min_value=0, max_value=20),
)
def test_more_days_never_end_earlier_and_working_days_never_before_calendar_days(start, few, more):
    begin = start.replace(tzinfo=SHANGHAI)
    assert calendar.due(begin, WorkingDays(few)).at <= calendar.due(begin, WorkingDays(few + more)).at
    assert calendar.due(begin, CalendarDays(few)).at <= calendar.due(begin, WorkingDays(few)).at


# --- clocks -----------------------------------------------------------------------------


def running(obj) -> Clock:
    return Clock.objects.get(lifecycle=obj._meta.label, object_id=obj.pk, stopped_at=None)


def test_a_clock_carries_its_clause_and_the_version_of_its_rule():
    with moments.as_of(at(2026, 3, 2, 9)):
        need = factories.OpenNeed()
    clock = running(need)
    assert (clock.rule_key, clock.basis, clock.rule_version) == ("need.transfer", "S14", 0)
    assert clock.due_at == at(2026, 3, 5)


def test_an_urgent_referral_is_to_be_answered_in_hours():
    with moments.as_of(at(2026, 3, 6, 20)):  # a Friday evening
        referral = factories.OfferedReferral(urgent=True)
    assert running(referral).due_at == at(2026, 3, 7, 0)


def test_a_reminder_comes_once_and_before_the_deadline():
    with moments.as_of(at(2026, 3, 2, 9)):
        need = factories.OpenNeed()
    soon = at(2026, 3, 4, 6)
    assert clocks.tick(soon)["reminded"] >= 1
    clocks.tick(soon + timedelta(minutes=1))
    told = Notice.objects.filter(lifecycle="referrals.Need", object_id=need.pk, texts__icontains="将到")
    assert told.count() == 1
    assert told.get().role == "window"


def test_an_overdue_clock_is_registered_once_and_civil_affairs_is_told():
    with moments.as_of(at(2026, 3, 2, 9)):
        need = factories.OpenNeed()
    after = at(2026, 3, 5, 0, 1)
    clocks.tick(after)
    clocks.tick(after + timedelta(minutes=1))
    entry = Entry.objects.get(lifecycle="referrals.Need", object_id=need.pk, move="overdue")
    assert (entry.role, entry.basis) == ("system", "S14")
    roles = Notice.objects.filter(object_id=need.pk, texts__icontains="逾期").values_list("role", flat=True)
    assert set(roles) == {"window", "civil_affairs"}


def test_an_unanswered_referral_times_out_by_the_clock_and_the_need_is_back():
    with moments.as_of(at(2026, 3, 2, 9)):
        referral = factories.OfferedReferral()
    with moments.as_of(at(2026, 3, 5, 0, 1)):
        assert clocks.tick()["moved"] >= 1
    referral.refresh_from_db()
    referral.need.refresh_from_db()
    assert (referral.status, referral.need.status) == ("timed_out", "open")
    entry = Entry.objects.get(lifecycle="referrals.Referral", object_id=referral.pk, move="time_out")
    assert entry.role == "system"


def test_a_move_of_the_clock_that_is_refused_stops_no_other_clock(monkeypatch):
    with moments.as_of(at(2026, 3, 2, 9)):
        stuck, other = factories.OfferedReferral(), factories.OfferedReferral()
    real = REFERRAL.actions["time_out"]

    def refusing(obj, *, by):
        if obj.pk == stuck.pk:
            raise Refused("no")
        return real(obj, by=by)

    monkeypatch.setitem(REFERRAL.actions, "time_out", refusing)
    clocks.tick(at(2026, 3, 5, 0, 1))
    stuck.refresh_from_db()
    other.refresh_from_db()
    assert (stuck.status, other.status) == ("offered", "timed_out")
    assert Entry.objects.filter(object_id=stuck.pk, move="overdue").count() == 1


def test_a_referral_answered_in_time_leaves_nothing_to_the_clock():
    with moments.as_of(at(2026, 3, 2, 9)):
        referral = factories.OfferedReferral()
        offering.accept(referral, by=factories.member_of(referral.provider))
    clocks.tick(at(2026, 3, 5, 0, 1))
    referral.refresh_from_db()
    assert referral.status == "accepted"


def test_a_clock_pauses_for_a_listed_cause_and_its_deadline_moves_on():
    with moments.as_of(at(2026, 3, 2, 9)):
        need = factories.OpenNeed()
    civil = factories.actor("minzheng")
    with moments.as_of(at(2026, 3, 3, 9)):
        clocks.pause(running(need), by=civil, cause=PauseCause.HOUSEHOLD_AWAY, reason="住院")
    clocks.tick(at(2026, 3, 9, 9))
    assert not Entry.objects.filter(object_id=need.pk, move="overdue").exists()
    with moments.as_of(at(2026, 3, 10, 9)):  # five working days later
        clocks.resume(running(need), by=civil)
    assert running(need).due_at == at(2026, 3, 12)
    reasons = Entry.objects.filter(object_id=need.pk, lifecycle="referrals.Need").values_list(
        "move", "reason"
    )
    assert ("pause", "家庭暂时无法联系或不在本地：住院") in reasons
    assert ("resume", "") in reasons


def test_an_hourly_clock_moves_on_by_the_exact_time():
    with moments.as_of(at(2026, 3, 6, 8)):
        need = factories.OpenNeed(urgent=True)
    civil, key = factories.actor("minzheng"), "need.first_help"
    assert reading.current(f"deadline.{key}").value["unit"] == "hours"
    clock = Clock.objects.get(lifecycle="referrals.Need", object_id=need.pk, rule_key=key)
    before = clock.due_at
    with moments.as_of(at(2026, 3, 6, 9)):
        clocks.pause(clock, by=civil, cause=PauseCause.FORCE_MAJEURE, reason="封路")
    with moments.as_of(at(2026, 3, 6, 9, 45)):
        clocks.resume(clock, by=civil)
    clock.refresh_from_db()
    assert clock.due_at == before + timedelta(minutes=45)


def test_a_clock_pauses_for_no_other_cause_and_not_twice():
    need, civil = factories.OpenNeed(), factories.actor("minzheng")
    with pytest.raises(Invalid):
        clocks.pause(running(need), by=civil, cause="忙", reason="等材料")
    with pytest.raises(Invalid) as refused:
        clocks.pause(running(need), by=civil, cause=PauseCause.PAPERS_AWAITED, reason="  ")
    assert "reason" in refused.value.fields
    clocks.pause(running(need), by=civil, cause=PauseCause.PAPERS_AWAITED, reason="等材料")
    with pytest.raises(NotNow):
        clocks.pause(running(need), by=civil, cause=PauseCause.PAPERS_AWAITED, reason="等材料")


def test_an_overdue_clock_cannot_be_paused_away():
    with moments.as_of(at(2026, 3, 2, 9)):
        need = factories.OpenNeed()
    with moments.as_of(at(2026, 3, 6, 9)), pytest.raises(NotNow, match="时限已过"):
        clocks.pause(
            running(need), by=factories.actor("minzheng"), cause=PauseCause.PAPERS_AWAITED, reason="等材料"
        )


def test_a_stranger_and_the_household_cannot_pause_a_clock(who):
    need = factories.OpenNeed()
    for stranger in (who("chuangkou2"), who("jigou"), factories.account_of(need.matter.household)):
        with pytest.raises(NotYours):
            clocks.pause(running(need), by=stranger, cause=PauseCause.PAPERS_AWAITED, reason="等材料")


def test_nobody_pauses_a_clock_that_others_count():
    """Who waits asks, who counts grants."""
    need = factories.TransferredNeed()
    handler = factories.PersonOf(role="handler", role__organization=need.body).memberships.get().actor()
    window, civil = factories.window_of(need.matter.town), factories.actor("minzheng")
    with pytest.raises(NotYours):  # the body is awaited
        clocks.pause(running(need), by=handler, cause=PauseCause.OUTSIDE_CHECK, reason="在核对")
    own = factories.OpenNeed()
    with pytest.raises(NotYours):  # the window itself is awaited
        clocks.pause(
            running(own),
            by=factories.window_of(own.matter.town),
            cause=PauseCause.OUTSIDE_CHECK,
            reason="在核对",
        )
    paused = clocks.pause(running(need), by=window, cause=PauseCause.OUTSIDE_CHECK, reason="等公安核对户籍")
    assert (paused.pause_reason, paused.paused_by) == ("等公安核对户籍", window.organization_name)
    told = Notice.objects.filter(object_id=need.pk, role="handler", texts__icontains="等待外部核对")
    assert told.count() == 1
    clocks.resume(running(need), by=civil)


@pytest.mark.parametrize("urgent", [False, True])
def test_the_time_to_answer_an_offer_stands_still_for_nobody(urgent):
    referral = factories.OfferedReferral(urgent=urgent)
    for actor in (
        factories.member_of(referral.provider),
        factories.window_of(referral.town),
        factories.actor("minzheng"),
    ):
        with pytest.raises(NotYours):
            clocks.pause(running(referral), by=actor, cause=PauseCause.HOUSEHOLD_AWAY, reason="联系不上")
    clocks.tick(running(referral).due_at + timedelta(seconds=1))
    referral.refresh_from_db()
    assert referral.status == "timed_out"


def test_the_days_to_be_paid_stand_still_for_no_debtor():
    contract = factories.ReferralInService().line.contract
    invoice = invoicing.draw_up(by=factories.member_of(contract.provider), contract=contract)
    invoice = invoicing.accept_work(factories.checked(invoice), by=factories.actor("minzheng"))
    invoice = invoicing.endorse(invoice, by=factories.actor("minzheng2"))
    for name in ("minzheng", "minzheng2", "caizheng"):
        with pytest.raises(NotYours):
            clocks.pause(running(invoice), by=factories.actor(name), cause="outside_answer", reason="等上级")


def test_a_provider_finds_no_way_to_pause_its_clock_on_page_or_api(client):
    referral = factories.OfferedReferral()
    clock = running(referral)
    client.force_login(factories.user_of(referral.provider))
    page = client.get(referral.get_absolute_url()).content.decode()
    assert f"/clocks/{clock.pk}/pause/" not in page
    sent = {"cause": "household_away", "reason": "联系不上"}
    for address in (f"/clocks/{clock.pk}/pause/", f"/api/v1/clocks/{clock.pk}/pause"):
        assert client.post(address, sent, "application/json").status_code == 403
    clock.refresh_from_db()
    assert clock.paused_at is None


def test_a_granted_pause_counts_until_the_act_though_nobody_resumed_the_clock():
    with moments.as_of(at(2026, 3, 2, 9)):
        need = factories.TransferredNeed()
        clock = running(need)
        handler = factories.PersonOf(role="handler", role__organization=need.body)
        window = factories.window_of(need.matter.town)
        clocks.pause(clock, by=window, cause=PauseCause.PAPERS_AWAITED, reason="等材料")
    with moments.as_of(at(2026, 5, 20, 9)):
        triage.take_up(need, by=handler.memberships.get().actor())
    clock.refresh_from_db()
    assert not clock.is_overdue()
    assert not Overdue.objects.filter(clock=clock).exists()


def test_a_clock_that_does_not_stand_still_cannot_be_resumed():
    need = factories.OpenNeed()
    with pytest.raises(NotNow):
        clocks.resume(running(need), by=factories.actor("minzheng"))


@pytest.mark.parametrize("cause", ["household_away", "papers_awaited", "outside_check"])
def test_a_purchase_does_not_wait_for_a_household(cause, client_of):
    project = purchases.evaluating()
    clock = Clock.objects.get(object_id=project.pk, rule_key="procurement.report", stopped_at=None)
    with pytest.raises(Invalid):
        clocks.pause(clock, by=factories.actor("minzheng"), cause=cause, reason="等")
    page = client_of("minzheng")
    shown = page.get(f"/clocks/{clock.pk}/pause/").content.decode()
    assert cause not in shown and "质疑、投诉或申诉处理中" in shown
    answer = page.post(f"/clocks/{clock.pk}/pause/", {"cause": cause, "reason": "等", "key": "p"})
    assert answer.status_code == 422
    clocks.pause(clock, by=factories.actor("minzheng"), cause="objection", reason="质疑处理中")


def test_a_case_does_not_wait_for_an_objection_to_an_award():
    need = factories.OpenNeed(kind="living")
    clock = Clock.objects.filter(lifecycle="referrals.Need", object_id=need.pk, stopped_at=None)[0]
    with pytest.raises(Invalid):
        clocks.pause(clock, by=factories.actor("minzheng"), cause="objection", reason="质疑处理中")


def test_the_calendar_is_read_once_while_it_is_remembered(django_assert_num_queries):
    first, last = date(2026, 3, 2), date(2026, 3, 4)
    factories.free_days(date(2026, 3, 3))
    factories.free_days(date(2026, 5, 6))
    with django_assert_num_queries(1), calendar.remembered.meanwhile():
        assert calendar.overrides_between(first, last) == {date(2026, 3, 3): False}
        assert calendar.working_days_between(first, last) == 1
        assert calendar.overrides_between(last, last) == {}
    with django_assert_num_queries(2):
        calendar.working_days_between(first, last)
        calendar.working_days_between(first, last)
