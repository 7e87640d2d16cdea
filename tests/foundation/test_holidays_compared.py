"""What a notice of holidays would change of the calendar, and which other notices speak against it: by page, decision and
API alike.
"""

from __future__ import annotations

from datetime import date, timedelta

from foundation import moments
from foundation.holidays.days import Day
from tests import factories


def told_of(client_of, notice) -> list[str]:
    """The page of a notice and that on which the second officer decides."""
    second = client_of("minzheng2")
    return [second.get(f"{notice.get_absolute_url()}{end}").content.decode() for end in ("", "confirm/")]


def test_page_and_decision_say_which_days_would_be_different_though_no_deadline_moves(client_of, api_of):
    notice = factories.proposed_holidays([Day(date(2026, 1, 1), False, "元旦")], year=2026, whole_year=True)
    for page in told_of(client_of, notice):
        assert "2月16日至2月20日 春节" in page.partition("由休息改为上班")[2].partition("</dd>")[0]
        assert "由上班改为休息" in page
    effect = api_of("minzheng2").get(f"/api/v1/holidays/{notice.pk}/effect").json()
    spring = {"first": "2026-02-16", "last": "2026-02-20", "working": True, "words": "春节"}
    assert spring in effect["different"]
    same = factories.proposed_holidays([Day(date(2027, 1, 1), False, "元旦")], year=2027, whole_year=True)
    factories.confirmed_holidays(same)
    again = factories.proposed_holidays(same.listed, year=2027, whole_year=True)
    for page in told_of(client_of, again):
        assert "这些日子和现行安排一样" in page


def test_the_days_around_new_year_are_told_with_their_year(client_of):
    days = [Day(date(2026, 12, 31), False, "元旦"), Day(date(2027, 1, 1), False, "元旦")]
    notice = factories.proposed_holidays(days, year=2027, whole_year=True)
    for page in told_of(client_of, notice):
        assert "2026年12月31日" in page.partition("由上班改为休息")[2].partition("</dd>")[0]


def test_an_older_notice_that_would_undo_a_newer_one_is_told(client_of, api_of):
    later = factories.holidays([Day(date(2027, 1, 4), False, "元旦")], year=2027)
    day_before = moments.today() - timedelta(days=1)
    year = [Day(date(2027, 1, 1), False, "元旦")]
    older = factories.proposed_holidays(year, year=2027, whole_year=True, issued_on=day_before)
    for page in told_of(client_of, older):
        assert "会改掉它写明的日子" in page
    assert api_of("minzheng2").get(f"/api/v1/holidays/{older.pk}/effect").json()["undone"] == [later.pk]
    newer = factories.proposed_holidays(year, year=2027, whole_year=True)
    for page in told_of(client_of, newer):
        assert "会改掉它写明的日子" not in page


def test_two_notices_of_one_year_that_wait_know_of_each_other(client_of, api_of):
    first, second = (
        factories.proposed_holidays([Day(date(2027, 1, day), False, "元旦")], year=2027) for day in (4, 5)
    )
    for page in told_of(client_of, first):
        assert "同一年还有一份待核对" in page
    assert api_of("minzheng2").get(f"/api/v1/holidays/{first.pk}/effect").json()["waiting"] == [second.pk]
