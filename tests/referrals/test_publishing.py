"""Results are published without personal data and without small cells."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest

from foundation import moments
from foundation.roles import Role
from referrals import tasks
from referrals.answers import answering
from referrals.matters import intake
from referrals.needs import triage
from referrals.results.models import Issue
from tests import factories
from tests.statements import opened

pytestmark = pytest.mark.story


def handler_of(need):
    return factories.PersonOf(role=Role.HANDLER, role__organization=need.body).memberships.get().actor()


def answered(count: int, kind: str = "living", **given) -> None:
    for _ in range(count):
        need = factories.TransferredNeed(kind=kind, **given)
        need = triage.grant(need, by=handler_of(need), result="救助", amount=30000 - 1)
        answering.feed_back(need, by=handler_of(need), words="已办好")


@pytest.fixture(autouse=True)
def month(time_machine):
    """A month of the future, of which the starter knows nothing."""
    time_machine.move_to(datetime(2027, 3, 2, 10, tzinfo=moments.SHANGHAI))


def labels(page: str) -> list[str]:
    return [row[0] for row in cells(page) if len(row) == 4]


def published(client, time_machine) -> str:
    """The public page after the month is over, its answers are due and the worker has run."""
    time_machine.move_to(datetime(2027, 4, 11, 10, tzinfo=moments.SHANGHAI))
    tasks.keep_results(0)
    return client.get("/results/").content.decode()


def one_household_answered(times: int) -> None:
    household = factories.AcceptedMatter(kind="living").household
    window, body = factories.window_of(household.town), triage.propose("living").body
    for _ in range(times):
        matter = intake.find(by=window, household=household, kind="living", story="又有困难")
        need = triage.transfer(matter.needs.get(), by=window, body=body)
        need = triage.grant(need, by=handler_of(need), result="救助", amount=500, override_reason="另一件事")
        answering.feed_back(need, by=handler_of(need), words="已办好")


def cells(page: str) -> list[list[str]]:
    """The rows of the page's tables, cell by cell."""
    rows = re.findall(r"<tr>\s*<td.*?</tr>", page, re.DOTALL)
    return [[each.strip() for each in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)] for row in rows]


def test_a_kind_with_fewer_than_five_households_is_not_shown(client, time_machine):
    answered(4)
    assert cells(published(client, time_machine)) == []


def test_five_households_are_shown_with_what_they_were_given(client, time_machine):
    answered(5)
    page = published(client, time_machine)
    assert "2027 年 3 月" in page
    rows = cells(page)
    assert ["基本生活困难", "5", "100%", "—"] in rows
    assert ["澄江街道", "最低生活保障", "基本生活困难", "5", "30,000.00"] in rows


def test_five_needs_of_one_household_are_one_household(client, time_machine):
    one_household_answered(6)
    answered(4)
    assert ["基本生活困难", "5"] in [row[:2] for row in cells(published(client, time_machine))]


def test_needs_alone_make_no_group_large_enough(client, time_machine):
    one_household_answered(6)
    assert cells(published(client, time_machine)) == []


def test_a_total_never_gives_a_small_count_away(client, time_machine):
    answered(5)
    answered(2, "legal")
    assert labels(published(client, time_machine)) == ["基本生活困难"]


def test_a_total_stands_beside_kinds_that_are_all_shown(client, time_machine):
    answered(5)
    answered(5, "legal")
    assert labels(published(client, time_machine))[0] == "全部"


def test_an_illness_is_published_under_a_wider_word(client, time_machine):
    answered(5, "medical")
    page = published(client, time_machine)
    assert "医疗" not in page
    assert "其他或说不清" in page


def test_nothing_that_identifies_is_published(client, time_machine):
    answered(6)
    page = published(client, time_machine)
    for secret in ("王小明", "王**", "13800000000", "示例路", "虹桥社区", "老伴卧床", "SL-", "JT-", "29,999"):
        assert secret not in page, secret


def test_results_are_taken_down_when_their_days_are_over(client, time_machine):
    answered(5)
    published(client, time_machine)
    time_machine.move_to(datetime(2027, 5, 20, tzinfo=moments.SHANGHAI))
    page = client.get("/results/").content.decode()
    assert cells(page) == []
    assert "还没有公布过结果" in page


def test_an_answer_that_was_told_late_or_not_at_all_is_not_in_time(client, time_machine):
    answered(5)
    need = factories.TransferredNeed(kind="living")
    triage.grant(need, by=handler_of(need), result="救助", amount=1)
    assert ["基本生活困难", "5", "83%", "—"] in cells(published(client, time_machine))


def test_a_month_is_counted_once_and_stays_as_it_was_published(client, time_machine):
    answered(5)
    first = published(client, time_machine)
    for _ in range(3):
        tasks.keep_results(0)
    time_machine.move_to(datetime(2027, 3, 5, tzinfo=moments.SHANGHAI))
    answered(1)
    assert cells(published(client, time_machine)) == cells(first)
    assert Issue.objects.filter(month=date(2027, 3, 1)).count() == 1


def test_before_the_first_issue_the_page_says_when_there_will_be_one(client):
    Issue.objects.all().delete()
    assert "每月的结果在下个月中旬公布" in client.get("/results/").content.decode()


def test_the_public_page_never_counts_needs_however_many_there_are(client, time_machine):
    answered(5)
    published(client, time_machine)
    _page, told = opened(client, "/results/")
    assert len(told) <= 3, told
    assert not any("referrals_need" in sql or "foundation_clock" in sql for sql in told), told


def test_the_demonstration_opens_with_the_results_of_its_last_month(client, time_machine):
    made = Issue.objects.latest("made_at")
    time_machine.move_to(made.made_at)
    assert client.get("/results/").status_code == 200
