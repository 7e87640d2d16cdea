"""Of many items the workbench shows the first and counts the others, with as few statements as of few."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foundation import moments
from foundation.roles import PEOPLE
from foundation.work_items.models import COUNTED, WorkItem
from marketplace.chrome.frame import counts
from marketplace.workbench import waiting
from tests import factories
from tests.accounts import USERS
from tests.marketplace.benches import copy_of, rows_of
from tests.statements import opened, sent_by

pytestmark = pytest.mark.story


def test_of_many_items_the_first_are_shown_and_the_other_cases_counted(who, monkeypatch):
    window = who("chuangkou")
    full = waiting.open_for(window)
    first = full.to_do[0]
    cases = WorkItem.objects.to_do(window).values("case").distinct().count()
    assert cases > 3
    monkeypatch.setattr(waiting, "MOST", 3)
    monkeypatch.setattr(waiting, "MOST_OTHERS", 1)
    bench = waiting.open_for(window)
    assert bench.mine == full.mine == cases
    assert bench.hidden == cases - len({row.item.case for row in rows_of(bench) if row.step})
    assert list(map(len, WorkItem.objects.nearest(window, 4, 1))) == [4, 0, 1]
    assert rows_of(bench)[0].item == first.item


@pytest.fixture
def put_items(work_items_follow):
    """Puts items on workbenches that no object has; they go with the test."""
    put = []
    yield lambda items: put.extend(WorkItem.objects.bulk_create(items))
    WorkItem.objects.filter(pk__in=[item.pk for item in put]).delete()


def test_what_somebody_is_kept_from_hides_nothing_that_he_has_to_do(who, put_items):
    actor = who("minzheng")
    full = waiting.open_for(actor)
    item = WorkItem.objects.to_do(actor).filter(lifecycle="contracts.Invoice")[0]
    put_items(
        copy_of(
            item,
            object_id=10_000 + number,
            case=f"kept:{number}",
            kept_from=[actor.user_id],
            due_at=moments.now() - timedelta(days=400 - number),
        )
        for number in range(waiting.MOST + 5)
    )
    bench = waiting.open_for(actor)
    assert (bench.mine, bench.hidden) == (full.mine, 0)
    kept = [row for row in bench.others if row.kept]
    assert len(kept) == waiting.MOST_OTHERS


def test_what_stands_still_hides_no_deadline(who, put_items):
    actor = who("chuangkou")
    full = waiting.open_for(actor)
    assert full.overdue and full.week
    item = full.overdue[0].item
    put_items(
        copy_of(
            item,
            object_id=10_000 + number,
            case=f"paused:{number}",
            paused=True,
            urgent=bool(number % 2),
            due_at=moments.now() - timedelta(days=400 - number),
        )
        for number in range(waiting.MOST + 10)
    )
    bench = waiting.open_for(actor)
    for part in ("urgent", "overdue", "today", "week"):
        assert [row.item for row in getattr(bench, part)] == [row.item for row in getattr(full, part)]
    assert bench.mine == full.mine + waiting.MOST + 10


def test_where_not_all_is_counted_workbench_and_frame_say_so_alike(who, client_of, put_items):
    actor = who("chuangkou")
    full = waiting.open_for(actor)
    item = full.later[0].item
    for number in range(COUNTED // 10):
        put_items(
            copy_of(item, object_id=10_000 + 100 * number + of_one_case, case=f"wide:{number}", urgent=True)
            for of_one_case in range(11)
        )
    bench = waiting.open_for(actor)
    assert bench.many and bench.mine < full.mine + COUNTED // 10
    assert counts(actor).waiting == f"{bench.mine}+"
    assert f"至少有 {bench.mine} 件事" in client_of("chuangkou").get("/workbench/").content.decode()


def test_the_number_of_statements_does_not_grow_with_the_rows(who):
    window = who("chuangkou")
    few = sent_by(waiting.open_for, window)
    for _ in range(5):
        factories.OpenNeed(kind="care")
        factories.OpenNeed(kind="living")
        factories.OfferedReferral()
    assert len(sent_by(waiting.open_for, window)) <= len(few)


def test_the_whole_page_needs_no_statement_a_row(client_of):
    client = client_of("chuangkou")
    client.get("/workbench/")
    _page, few = opened(client, "/workbench/")
    for _ in range(4):
        factories.OpenNeed(kind="care")
        factories.OfferedReferral()
    _page, many = opened(client, "/workbench/")
    assert len(many) <= len(few)


@pytest.mark.parametrize("role", PEOPLE)
def test_a_workbench_with_more_than_it_shows_takes_eleven_statements(
    role, client_of, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(waiting, "MOST", 1)
    client = client_of(USERS[role])
    client.get("/workbench/")
    with django_assert_max_num_queries(11):
        assert client.get("/workbench/").status_code == 200
