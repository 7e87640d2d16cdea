"""A notice of holidays: read as people write it, refused row by row, entered by one and confirmed by another."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation import moments
from foundation.deadlines import calendar
from foundation.deadlines.models import CalendarDay
from foundation.holidays import announcing, days
from foundation.holidays.days import Day, Row
from foundation.holidays.models import HolidayNotice
from foundation.moments import SHANGHAI
from foundation.refusals import Invalid, NotNow, NotYours
from tests import factories

FREE, WORK = "放假", "调休上班"
NEW_YEAR = Row("第 1 行", "1月1日", kind=FREE, words="元旦")


def read(*rows: Row, year: int = 2027, whole_year: bool = True) -> tuple[list[Day], list[str]]:
    placed, faults = days.read(rows, year)
    faults += days.faults_of(placed, year, whole_year=whole_year, now=announcing.present())
    return [found.day for found in placed], days.in_order(faults, rows)


def row(first: str, kind: str = FREE, words: str = "", last: str = "", n: int = 2) -> Row:
    return Row(f"第 {n} 行", first, last, kind, words)


# --- how days are written ---------------------------------------------------------------


@pytest.mark.parametrize(
    "first,last",
    [
        ("2027-02-05", "2027-02-11"),
        ("2027-02-05..2027-02-11", ""),
        ("2027年2月5日至2月11日", ""),
        ("2月5日至11日", ""),
        ("2月5日(周五)至11日", ""),  # typography: as typed
        ("2027.2.5~2027.2.11", ""),
        ("20270205", "20270211"),
        ("2027-02-05 00:00:00", "2027-02-11 00:00:00"),
        ("2-5", "2-11"),
    ],
)
def test_a_holiday_is_read_however_its_days_are_written(first, last):
    found, faults = read(NEW_YEAR, row(first, words="春节", last=last))
    assert faults == []
    assert [day.day for day in found[1:]] == [date(2027, 2, n) for n in range(5, 12)]
    assert {day.words for day in found[1:]} == {"春节"}


@pytest.mark.parametrize("kind,working", [("放假", False), ("休", False), ("free", False), ("补班", True)])
def test_free_and_make_up_days_are_told_by_their_words(kind, working):
    day = "2027-02-05" if not working else "2027-02-20"
    found, faults = read(NEW_YEAR, row(day, kind))
    assert (found[1].working, faults) == (working, [])


@pytest.mark.parametrize(
    "bad,said",
    [
        (row("2027-02-30"), "没有这一天"),
        (row("除夕"), "日期看不懂"),
        (row(""), "日期看不懂"),
        (row("2027-02-11", last="2027-02-05"), "最后一天在第一天之前"),
        (row("2027-02-01", last="2027-05-01"), "一段最多 31 天"),
        (row("2027-02-05", kind="也许"), "“安排”看不懂"),
        (row("2027-02-05", kind=""), "没有写明"),
        (row("2027-02-05", words="春" * 21), "名称最多 20 个字"),
        (row("2026-02-17"), "不在2027年"),
        (row("2026-12-18"), "不在2027年"),
        (row("2028-01-03"), "不在2027年"),
        (row("2027-01-01"), "2027年1月1日（周五）已在第 1 行写过"),
        (row("2027-02-10", kind=WORK), "本来就上班"),
        (row("2027-02-20"), "本来就休息"),
        (row("2027-02-20", last="2027-02-21"), "本来就休息"),
    ],
)
def test_a_wrong_row_is_named_with_what_is_wrong(bad, said):
    _found, faults = read(NEW_YEAR, bad)
    assert len(faults) == 1
    assert said in faults[0]
    assert faults[0].startswith("第 2 行" if "1月1日" not in bad.first else "第")


def test_every_wrong_row_is_named_at_once():
    _found, faults = read(NEW_YEAR, row("2027-02-30"), row("2027-02-10", WORK, n=3), row("2026-05-01", n=4))
    assert [fault[:5] for fault in faults] == ["第 2 行", "第 3 行", "第 4 行"]


def test_a_weekend_within_a_holiday_is_part_of_it():
    found, faults = read(NEW_YEAR, row("2027-02-05..2027-02-11"))
    assert faults == []
    assert date(2027, 2, 6) in {day.day for day in found}


def test_new_year_may_begin_in_december_before():
    _found, faults = read(row("2026-12-31", words="元旦", n=1), row("2027-01-01", words="元旦"))
    assert faults == []


def test_a_whole_year_without_new_years_day_is_refused():
    _found, faults = read(row("2027-05-03", words="劳动节"))
    assert any("元旦" in fault for fault in faults)


def test_a_change_is_compared_with_the_calendar_of_now():
    """2026-02-14 is a make-up Saturday, 2026-02-17 a holiday."""
    assert read(row("2026-02-14"), year=2026, whole_year=False)[1] == []
    assert read(row("2026-02-17", WORK), year=2026, whole_year=False)[1] == []
    for nothing in (row("2026-02-17"), row("2026-02-14", WORK), row("2026-03-07")):
        assert len(read(nothing, year=2026, whole_year=False)[1]) == 1
    assert "不在2026年" in read(row("2025-12-31"), year=2026, whole_year=False)[1][0]


# --- four eyes --------------------------------------------------------------------------


def test_a_notice_counts_only_once_another_person_has_confirmed_it(who):
    notice = factories.proposed_holidays([Day(date(2026, 12, 2), False, "放假")], year=2026)
    assert calendar.is_working(date(2026, 12, 2)) == (True, False)
    with pytest.raises(NotYours):
        announcing.confirm(notice, by=who("minzheng"))
    assert not CalendarDay.objects.exists()
    announcing.confirm(notice, by=who("minzheng2"))
    assert calendar.is_working(date(2026, 12, 2)) == (False, False)


@pytest.mark.parametrize("username", ["chuangkou", "shenji", "caizheng", "jigou"])
def test_nobody_else_enters_or_confirms_holidays(who, username):
    with pytest.raises(NotYours):
        announcing.propose(
            by=who(username),
            year=2026,
            whole_year=False,
            number="1",
            title="通知",
            issued_on=moments.today(),
            days=[Day(date(2026, 12, 2), False, "放假")],
        )
    notice = factories.proposed_holidays([Day(date(2026, 12, 2), False, "放假")], year=2026)
    with pytest.raises(NotYours):
        announcing.confirm(notice, by=who(username))


def test_whoever_entered_it_withdraws_it_and_another_rejects_it_with_a_reason(who):
    day = [Day(date(2026, 12, 2), False, "放假")]
    mine = factories.proposed_holidays(day, year=2026)
    with pytest.raises(NotYours):
        announcing.reject(mine, by=who("minzheng"), reason="日期不对")
    assert announcing.withdraw(mine, by=who("minzheng")).status == "withdrawn"
    other = factories.proposed_holidays(day, year=2026)
    with pytest.raises(Invalid):
        announcing.reject(other, by=who("minzheng2"), reason=" ")
    assert announcing.reject(other, by=who("minzheng2"), reason="与原文不符").status == "rejected"
    with pytest.raises(NotNow):
        announcing.confirm(other, by=who("minzheng2"))


def test_the_action_refuses_what_the_form_would(who):
    good = {
        "year": 2026,
        "whole_year": False,
        "number": "1",
        "title": "通知",
        "issued_on": moments.today(),
        "days": [Day(date(2026, 12, 2), False, "放假")],
    }
    for name, value in (
        ("days", []),
        ("days", [Day(date(2026, 12, 2), True, "调休上班")]),
        ("year", 2007),
        ("year", moments.today().year + 3),
        ("issued_on", date(2099, 1, 1)),
    ):
        with pytest.raises(Invalid) as refused:
            announcing.propose(by=who("minzheng"), **{**good, name: value})
        assert name in refused.value.fields
    assert not HolidayNotice.objects.exists()


# --- what counts ------------------------------------------------------------------------


def test_a_whole_year_makes_every_day_of_it_certain():
    factories.a_whole_year(2027, Day(date(2027, 2, 6), False, "春节"), Day(date(2027, 2, 5), False, "春节"))
    assert calendar.is_working(date(2027, 1, 1)) == (False, False)
    assert calendar.is_working(date(2027, 2, 5)) == (False, False)
    assert calendar.is_working(date(2027, 2, 8)) == (True, False)  # estimated as a holiday without the notice
    assert calendar.is_working(date(2027, 6, 5)) == (False, False)
    assert calendar.is_working(date(2028, 6, 5)) == (True, True)
    due = calendar.due(datetime(2027, 3, 2, 9, tzinfo=SHANGHAI), calendar.WorkingDays(5))
    assert not due.provisional


def test_a_whole_year_replaces_the_packages_notice():
    """2026-02-14 was a make-up Saturday, 2026-02-17 a holiday."""
    factories.a_whole_year(2026)
    assert calendar.is_working(date(2026, 2, 14)) == (False, False)
    assert calendar.is_working(date(2026, 2, 17)) == (True, False)


def test_a_later_notice_counts_for_its_days_and_the_earlier_one_for_the_others():
    first = factories.a_whole_year(2027, Day(date(2027, 5, 3), False, "劳动节"))
    second = factories.holidays([Day(date(2027, 5, 4), False, "劳动节")], year=2027)
    third = factories.holidays([Day(date(2027, 5, 4), True, "上班")], year=2027)
    assert calendar.is_working(date(2027, 5, 4)) == (True, False)
    assert calendar.is_working(date(2027, 5, 3)) == (False, False)
    for notice in (first, second, third):
        notice.refresh_from_db()
    assert [notice.status for notice in (first, second, third)] == ["in_force", "replaced", "in_force"]
    again = factories.a_whole_year(2027)
    assert set(CalendarDay.objects.values_list("notice", flat=True)) == {again.pk}
    assert calendar.is_working(date(2027, 5, 3)) == (True, False)
    first.refresh_from_db()
    assert first.status == "replaced"
    assert len(first.days) == 2  # the history stays


def test_a_change_of_new_years_day_leaves_the_year_announced():
    factories.a_whole_year(2027)
    factories.holidays([Day(date(2027, 1, 1), True, "上班")], year=2027)
    assert calendar.is_working(date(2027, 1, 1)) == (True, False)
    assert calendar.is_working(date(2027, 6, 1)) == (True, False)


def test_a_change_that_changes_nothing_any_more_is_not_confirmed(who):
    day = [Day(date(2026, 12, 2), False, "放假")]
    stale = factories.proposed_holidays(day, year=2026)
    factories.holidays(day, year=2026)
    with pytest.raises(NotNow, match="日历有了变化"):
        announcing.confirm(stale, by=who("minzheng2"))


def test_the_days_of_another_years_notice_stay():
    following = factories.a_whole_year(2027, Day(date(2026, 12, 31), False, "元旦"))
    factories.a_whole_year(2026)
    assert calendar.is_working(date(2026, 12, 31)) == (False, False)
    factories.a_whole_year(2027)
    assert calendar.is_working(date(2026, 12, 31)) == (True, False)
    following.refresh_from_db()
    assert following.status == "replaced"


def test_the_calendar_is_asked_with_one_statement_whatever_was_entered():
    start = datetime(2027, 3, 2, 9, tzinfo=SHANGHAI)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            calendar.due(start, calendar.WorkingDays(15))
            calendar.is_working(date(2027, 3, 3))
        return len(captured)

    before = statements()
    factories.a_whole_year(2026)
    factories.a_whole_year(2027)
    assert statements() == before == 2
