"""Running deadlines follow a confirmed notice: paused and overdue ones too, each once, whatever stops the worker."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from foundation import moments
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock, Overdue, PauseCause
from foundation.holidays import following, moving, previewing
from foundation.holidays.days import Day
from foundation.holidays.models import HolidayNotice, MovedDeadline
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.moments import SHANGHAI
from foundation.work_items import rebuilding
from foundation.work_items.models import WorkItem
from organizations.places.models import Place
from referrals.matters import intake
from referrals.needs import triage
from tests import factories
from tests.racing import at_once
from tests.statements import sent_by

#: A Monday, and the days after it.
MONDAY = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 3, day) for day in (3, 4, 5, 6))


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def clock_of(obj, key: str = "need.transfer") -> Clock:
    return Clock.objects.filter(lifecycle=obj._meta.label, object_id=obj.pk, rule_key=key).latest("pk")


@pytest.fixture
def need():
    """A need that is to be transferred within two working days, until the end of Wednesday."""
    with moments.as_of(MONDAY):
        return factories.OpenNeed(kind="living")


def announce(*free: date, now: datetime = MONDAY, work: tuple[date, ...] = ()) -> HolidayNotice:
    """Confirm a change of single days, and let the deadlines follow."""
    days = [*(Day(day, False, "放假") for day in free), *(Day(day, True, "上班") for day in work)]
    with moments.as_of(now):
        notice = factories.holidays(days, year=2026)
        following.follow()
    notice.refresh_from_db()
    return notice


# --- what moves -------------------------------------------------------------------------


def test_a_deadline_that_is_not_provisional_moves_too_with_its_reminder_and_its_work_items(need):
    clock = clock_of(need)
    assert not clock.provisional
    remind = clock.due_at - clock.remind_at
    announce(TUESDAY)
    clock.refresh_from_db()
    assert clock.due_at == at(6)
    assert clock.due_at - clock.remind_at == remind
    waiting = WorkItem.objects.filter(lifecycle="referrals.Need", object_id=need.pk)
    assert set(waiting.values_list("due_at", flat=True)) == {at(6)}
    entry = Entry.objects.get(object_id=need.pk, lifecycle="referrals.Need", move="recompute")
    assert "3月4日" in entry.reason
    assert "3月5日" in entry.reason
    assert list(rebuilding.rebuild()) == []


def test_a_make_up_day_brings_a_deadline_forward():
    with moments.as_of(at(6, 9)):  # a Friday
        need = factories.OpenNeed(kind="living")
    assert clock_of(need).due_at == at(11)
    announce(work=(date(2026, 3, 7),), now=at(6, 10))
    assert clock_of(need).due_at == at(10)


def test_what_does_not_count_working_days_stays():
    with moments.as_of(MONDAY):
        urgent = factories.OpenNeed(urgent=True)
    clock = clock_of(urgent, "need.first_help")
    before = clock.due_at
    announce(TUESDAY, WEDNESDAY)
    clock.refresh_from_db()
    assert clock.due_at == before


def test_a_corrected_notice_of_a_year_gives_back_the_days_of_the_december_before():
    with moments.as_of(datetime(2026, 12, 29, 9, tzinfo=SHANGHAI)):
        clock = clock_of(factories.OpenNeed(kind="living"))
        factories.a_whole_year(2027, Day(date(2026, 12, 31), False, "元旦"))
        following.follow()
        clock.refresh_from_db()
        with_the_day_off = clock.due_at
        factories.a_whole_year(2027)
        following.follow()
        clock.refresh_from_db()
    assert clock.due_at < with_the_day_off
    assert MovedDeadline.objects.filter(clock=clock).count() == 2


def test_days_outside_of_its_span_move_nothing(need):
    notice = announce(FRIDAY)
    assert clock_of(need).due_at == at(5)
    assert (notice.moved, MovedDeadline.objects.count()) == (0, 0)


def test_a_reminder_comes_again_before_the_new_deadline(need):
    clocks.tick(at(4, 6))
    assert clock_of(need).reminded_at is not None
    announce(WEDNESDAY, now=at(4, 7))
    assert clock_of(need).reminded_at is None
    clocks.tick(at(5, 6))
    told = Notice.objects.filter(lifecycle="referrals.Need", object_id=need.pk, texts__icontains="将到")
    assert told.count() == 2


def test_a_paused_clock_moves_and_its_pause_is_counted_anew(need, who):
    with moments.as_of(at(3, 9)):
        clocks.pause(clock_of(need), by=who("minzheng"), cause=PauseCause.PAPERS_AWAITED, reason="等材料")
    announce(WEDNESDAY, now=at(3, 10))
    assert clock_of(need).due_at == at(6)
    with moments.as_of(at(10, 9)):  # Thursday, Friday, Monday and Tuesday are lost
        clock = clocks.resume(clock_of(need), by=who("minzheng"))
    assert clock.lost == 4
    assert clock.due_at == at(12)


def test_a_free_day_within_a_pause_that_is_over_changes_nothing(need, who):
    with moments.as_of(at(3, 9)):
        clocks.pause(clock_of(need), by=who("minzheng"), cause=PauseCause.PAPERS_AWAITED, reason="等材料")
    with moments.as_of(at(10, 9)):
        clock = clocks.resume(clock_of(need), by=who("minzheng"))
    assert (clock.lost, clock.due_at) == (5, at(12))
    announce(THURSDAY, now=at(10, 10))
    clock.refresh_from_db()
    assert (clock.lost, clock.due_at) == (4, at(12))


def test_a_year_that_is_announced_is_provisional_no_longer():
    with moments.as_of(datetime(2027, 3, 1, 9, tzinfo=SHANGHAI)):
        need = factories.OpenNeed(kind="living")
        assert clock_of(need).provisional
        factories.a_whole_year(2027)
        following.follow()
        clock = clock_of(need)
    assert not clock.provisional
    assert not Entry.objects.filter(object_id=need.pk, move="recompute").exists()  # it did not move


# --- the register of overdue ------------------------------------------------------------


def test_a_register_line_is_corrected_by_an_added_one_and_the_deadline_counts_anew(need, client_of, api_of):
    clocks.tick(at(5, 0, 1))
    line = Overdue.objects.get(clock=clock_of(need))
    announce(WEDNESDAY, now=at(5, 9))
    clock = clock_of(need)
    assert (clock.overdue_at, clock.escalated, clock.due_at) == (None, 0, at(6))
    added = Overdue.objects.get(corrects=line)
    assert (added.due_at, added.object_id, added.awaited) == (at(6), need.pk, line.awaited)
    assert "国办发明电〔2026〕9号" in added.reason
    assert Entry.objects.filter(object_id=need.pk, move="correct_overdue").count() == 1
    page = client_of("minzheng").get("/overdue/").content.decode()
    assert "已更正，不算逾期" in page
    assert "当时没有逾期" in page
    rows = {row["id"]: row for row in api_of("shenji").get("/api/v1/overdue").json()["results"]}
    assert rows[line.pk]["corrected_by"] == added.pk
    assert (rows[added.pk]["corrects"], rows[added.pk]["reason"]) == (line.pk, added.reason)
    clocks.tick(at(6, 0, 1))  # now it is late indeed
    assert Overdue.objects.filter(clock=clock, corrects=None).count() == 2
    assert client_of("minzheng").get("/overdue/").content.decode().count("已更正，不算逾期") == 1
    clocks.tick(at(6, 0, 2))
    assert Overdue.objects.filter(clock=clock).count() == 3


def test_what_is_late_by_the_new_calendar_as_well_stays_in_the_register(need):
    clocks.tick(at(5, 0, 1))
    announce(WEDNESDAY, now=at(9, 9))
    clock = clock_of(need)
    assert (clock.due_at, clock.overdue_at) == (at(6), at(6))
    assert Overdue.objects.filter(clock=clock).count() == 1
    assert clocks.tick(at(9, 9, 1))["overdue"] == 0


def test_what_was_done_late_by_the_old_calendar_alone_is_corrected(need):
    clocks.tick(at(5, 0, 1))
    with moments.as_of(at(5, 9)):
        triage.transfer(need, by=factories.window_of(need.town), body=triage.propose("living").body)
    ended = clock_of(need)
    announce(WEDNESDAY, now=at(9, 9))
    assert Overdue.objects.filter(corrects__clock=ended).count() == 1
    kept = ended.due_at
    ended.refresh_from_db()
    assert ended.due_at == kept  # figures that were counted by it do not change


def _said_as_it_stands_now(client_of, api_of, lines) -> None:
    """Page and API say of the line and of its correction that it was entered again."""
    page = client_of("minzheng").get("/overdue/").content.decode()
    assert page.count("更正过，后来重新登记") == page.count("更正，已不成立") == 1
    told = {row["id"]: row for row in api_of("minzheng").get("/api/v1/overdue").json()["results"]}
    assert [told[line.pk]["entered_again_by"] for line in lines] == [lines[2].pk, lines[2].pk, None]


def test_a_wrong_notice_that_is_put_right_leaves_what_was_done_late_in_the_register(need, client_of, api_of):
    clocks.tick(at(5, 0, 1))
    with moments.as_of(at(5, 9)):
        triage.transfer(need, by=factories.window_of(need.town), body=triage.propose("living").body)
    ended = clock_of(need)
    first = Overdue.objects.get(clock=ended)
    announce(WEDNESDAY, now=at(9, 9))
    announce(work=(WEDNESDAY,), now=at(9, 10))
    lines = Overdue.objects.filter(clock=ended).order_by("pk")
    assert [(line.corrects_id, line.round) for line in lines] == [(None, 0), (first.pk, 0), (None, 1)]
    assert lines[2].due_at == first.due_at
    _said_as_it_stands_now(client_of, api_of, lines)
    announce(WEDNESDAY, now=at(9, 11))
    assert Overdue.objects.filter(clock=ended).latest("pk").corrects_id == lines[2].pk
    assert Overdue.objects.filter(clock=ended).count() == 4


def test_nobody_becomes_late_for_what_was_done_in_time():
    with moments.as_of(at(6, 9)):
        need = factories.OpenNeed(kind="living")
    with moments.as_of(at(10, 9)):
        triage.transfer(need, by=factories.window_of(need.town), body=triage.propose("living").body)
    announce(work=(date(2026, 3, 7), date(2026, 3, 8)), now=at(11, 9))
    assert not Overdue.objects.filter(clock=clock_of(need)).exists()


def test_what_is_late_by_the_new_calendar_is_registered_by_the_tick():
    with moments.as_of(at(6, 9)):
        need = factories.OpenNeed(kind="living")
    announce(work=(date(2026, 3, 7), date(2026, 3, 8)), now=at(9, 9))
    clock = clock_of(need)
    assert clock.due_at == at(9)
    clocks.tick(at(9, 9, 1))
    assert Overdue.objects.filter(clock=clock).count() == 1


# --- who is told ------------------------------------------------------------------------


def test_those_who_wait_are_told_once_for_a_case(need):
    announce(TUESDAY)
    told = Notice.objects.filter(texts__icontains="放假安排", lifecycle="referrals.Need")
    assert set(told.values_list("role", flat=True)) == {"window"}
    assert told.count() == 1
    assert "到期日由" in told.get().text
    assert "国办发明电〔2026〕9号" in told.get().text
    assert not MovedDeadline.objects.filter(told=False).exists()
    with moments.as_of(MONDAY):
        assert following.follow() == 0
    assert told.all().count() == 1


def test_two_deadlines_of_one_case_are_one_notice():
    with moments.as_of(MONDAY):
        place = Place.objects.get(name="虹桥社区")
        matter = intake.accept_application(
            by=factories.window_of(place.town),
            place=place,
            needs=["living", "medical"],
            name="王小明",
            id_number=factories.new_id_number(),
            category="minimum_living",
            size=2,
            monthly_income=Decimal("880"),
            phone="13800000000",
            address="示例路 1 号",
            story="老伴卧床",
            consent=True,
        )
    announce(TUESDAY)
    assert MovedDeadline.objects.count() == 2
    told = Notice.objects.filter(texts__icontains="放假安排", role="window", place_id=matter.town.pk)
    assert told.count() == 1
    assert "同案另有 1 个时限" in told.get().text


# --- in the background ------------------------------------------------------------------


def test_following_again_changes_nothing(need):
    notice = announce(TUESDAY)
    HolidayNotice.objects.filter(pk=notice.pk).update(followed_at=None, passed=0)
    with moments.as_of(MONDAY):
        assert following.take_up()
        assert following.follow() == 0
        assert not following.take_up()
    assert MovedDeadline.objects.count() == 1


def test_what_a_killed_worker_left_is_done_by_the_next(need, monkeypatch):
    with moments.as_of(MONDAY):
        second = factories.OpenNeed(kind="living")
        factories.free_days(TUESDAY)
        monkeypatch.setattr(moving, "LOOKED_AT", 1)
        real, calls = moving.move, []

        def dying(pks, notice):
            calls.append(pks)
            if len(calls) == 2:
                raise SystemExit
            return real(pks, notice)

        monkeypatch.setattr(moving, "move", dying)
        with pytest.raises(SystemExit):
            following.follow()
        assert following.take_up()
        monkeypatch.setattr(moving, "move", real)
        following.follow()
    assert clock_of(need).due_at == clock_of(second).due_at == at(6)
    assert not HolidayNotice.objects.unfollowed().exists()
    assert MovedDeadline.objects.count() == MovedDeadline.objects.values("clock").distinct().count()


def test_one_clock_that_fails_keeps_no_other(need, monkeypatch):
    with moments.as_of(MONDAY):
        second = factories.OpenNeed(kind="living")
    real = moving._move_of

    def failing(clock, obj, before, notice):
        if obj.pk == need.pk:
            raise ValueError
        return real(clock, obj, before, notice)

    monkeypatch.setattr(moving, "_move_of", failing)
    announce(TUESDAY)
    assert (clock_of(need).due_at, clock_of(second).due_at) == (at(5), at(6))


def test_many_deadlines_move_with_as_many_statements_as_few():
    def statements(count: int) -> int:
        with moments.as_of(MONDAY):
            needs = [factories.OpenNeed(kind="living") for _ in range(count)]
            factories.free_days(TUESDAY)
            sent = sent_by(following.follow)
            factories.working_days(TUESDAY)
            following.follow()
        assert all(clock_of(need).due_at == at(5) for need in needs)
        return len(sent)

    few = statements(2)
    assert statements(8) <= few + 2


def test_the_night_finds_what_the_package_announced(need):
    """A clock that was reckoned by another version of the package."""
    Clock.objects.filter(pk=clock_of(need).pk).update(due_at=at(6))
    with moments.as_of(MONDAY):
        assert following.follow_the_package() == 1
        assert following.follow_the_package() == 0
    assert clock_of(need).due_at == at(5)
    assert "国务院公布的放假安排" in Notice.objects.get(object_id=need.pk, texts__icontains="到期日由").text


def test_tick_and_following_at_the_same_moment(own_database):
    with moments.as_of(MONDAY):
        needs = [factories.OpenNeed(kind="living") for _ in range(4)]
        body = triage.propose("living").body
    with moments.as_of(at(5, 9)):
        factories.free_days(WEDNESDAY)

    def act(need):
        def transfer():
            with moments.as_of(at(5, 9)):
                triage.transfer(need, by=factories.window_of(need.town), body=body)

        return transfer

    def follow():
        with moments.as_of(at(5, 9)):
            following.follow()

    at_once([lambda: clocks.tick(at(5, 9)), follow, follow, act(needs[0]), act(needs[1])])
    follow()
    for need in needs:
        lines = Overdue.objects.filter(clock=clock_of(need))
        late = lines.filter(corrects=None).count()
        assert late == lines.exclude(corrects=None).count()
        assert late <= 1
    for need in needs[2:]:
        assert clock_of(need).due_at == at(6)
        assert clock_of(need).overdue_at is None
    assert list(rebuilding.rebuild()) == []


# --- the preview ------------------------------------------------------------------------


def test_the_preview_says_what_will_happen(need, who):
    with moments.as_of(MONDAY):
        second = factories.OpenNeed(kind="living")
    clocks.tick(at(5, 0, 1))
    with moments.as_of(at(5, 9)):
        notice = factories.proposed_holidays([Day(WEDNESDAY, False, "放假")], year=2026)
        effect = previewing.effect_of(notice, who("minzheng2"))
    assert (effect.later, effect.earlier, effect.late_no_longer, effect.become_late) == (2, 0, 2, 0)
    assert effect.days == [(1, 2)]
    (example,) = effect.examples
    assert example.name in {str(need), str(second)}
    assert (example.before, example.after) == (at(5), at(6))


def test_the_preview_says_who_becomes_late(who):
    with moments.as_of(at(6, 9)):
        factories.OpenNeed(kind="living")
    with moments.as_of(at(9, 9)):
        days = [Day(date(2026, 3, day), True, "上班") for day in (7, 8)]
        effect = previewing.effect_of(factories.proposed_holidays(days, year=2026), who("minzheng2"))
    assert (effect.earlier, effect.become_late) == (1, 1)
    assert effect.days == [(-2, 1)]


def test_the_preview_asks_as_often_for_many_clocks_as_for_few(who):
    with moments.as_of(MONDAY):
        notice = factories.proposed_holidays([Day(TUESDAY, False, "放假")], year=2026)
        factories.OpenNeed(kind="living")
        few = len(sent_by(previewing.effect_of, notice, who("minzheng2")))
        for _ in range(5):
            factories.OpenNeed(kind="living")
        assert len(sent_by(previewing.effect_of, notice, who("minzheng2"))) == few
