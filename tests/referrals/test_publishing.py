"""Results are published without personal data and without small cells."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foundation import moments
from foundation.roles import Role
from referrals import answers, publishing, triage
from tests import factories


def answered(count: int, kind: str = "living", **given) -> None:
    for _ in range(count):
        need = factories.TransferredNeed(kind=kind, **given)
        handler = (
            factories.PersonOf(role=Role.HANDLER, role__organization=need.body)
            .memberships.get()
            .actor()
        )
        need = triage.grant(need, by=handler, result="救助", amount=30000 - 1)
        answers.feed_back(need, by=handler, words="已办好")


@pytest.fixture(autouse=True)
def nothing_yet():
    """Act after the starter's results have been taken down."""
    with moments.as_of(moments.now() + timedelta(days=60)):
        yield


def labels(results) -> list[str]:
    return [each.label for each in results.figures]


def test_a_kind_with_fewer_than_five_answers_is_not_shown():
    answered(4)
    found = publishing.results()
    assert [each.answered for each in found.figures] == [None]
    assert found.lines == []
    answered(1)
    found = publishing.results()
    assert ("基本生活困难", 5) in [(each.label, each.answered) for each in found.figures]
    assert len(found.lines) == 5


def test_a_total_never_gives_a_small_count_away():
    answered(5)
    answered(2, "legal")
    assert labels(publishing.results()) == ["基本生活困难"]
    answered(3, "legal")
    assert labels(publishing.results())[0] == "全部"


def test_an_illness_is_published_under_a_wider_word(client):
    answered(5, "medical")
    page = client.get("/results/").content.decode()
    assert "医疗" not in page
    assert "其他或说不清" in page


def test_nothing_that_identifies_is_published(client):
    answered(6)
    page = client.get("/results/").content.decode()
    for secret in ("王小明", "王**", "13800000000", "示例路", "虹桥社区", "老伴卧床", "SL-", "JT-"):
        assert secret not in page, secret


def test_results_are_taken_down_when_their_days_are_over():
    answered(5)
    with moments.as_of(moments.now() + timedelta(days=31)):
        assert publishing.results().figures == []


def test_how_punctual_the_answers_were_is_said():
    answered(5)
    assert publishing.results().figures[0].in_time == 1.0
