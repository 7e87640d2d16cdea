"""Who may bid, until when, for how much, and with which papers."""

from __future__ import annotations

import pytest

from demo.starter.provider_documents import PAGE
from foundation import moments
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import SYSTEM
from organizations.providers import standing
from procurement.bids import bidding
from procurement.bids.models import Bid
from procurement.purchases import scheduled
from procurement.purchases.models import Project
from tests import factories
from tests.procurement import purchases


def test_a_bid_after_the_deadline_by_the_servers_clock_is_refused_with_the_rule():
    project = purchases.published()
    provider = factories.AccreditedProvider()
    with moments.as_of(project.bids_until):
        with pytest.raises(NotNow, match="现在不能投标") as refusal:
            purchases.bid_by(project, provider)
    assert "第三十三条" in refusal.value.rule
    with moments.as_of(purchases.after(project, seconds=-1)):
        assert purchases.bid_by(project, provider).status == "sealed"


def test_nobody_takes_a_bid_back_after_the_deadline():
    project = purchases.published()
    provider = factories.AccreditedProvider()
    bid = purchases.bid_by(project, provider)
    with moments.as_of(project.bids_until):
        with pytest.raises(NotNow):
            bidding.withdraw(bid, by=factories.member_of(provider))
    bidding.withdraw(bid, by=factories.member_of(provider))
    assert purchases.bid_by(project, provider, "39").status == "sealed"


def test_a_second_bid_wants_the_first_withdrawn():
    project, provider = purchases.published(), factories.AccreditedProvider()
    purchases.bid_by(project, provider)
    with pytest.raises(NotNow, match="请先撤回"):
        purchases.bid_by(project, provider)


@pytest.mark.parametrize(("action", "words"), [("suspend", "已暂停"), ("leave", "已退出")])
def test_a_suspended_or_exited_provider_does_not_bid(action, words):
    project, provider = purchases.published(), factories.AccreditedProvider()
    provider = standing.suspend(provider, by=purchases.officer(), reason="核查")
    if action == "leave":
        provider = standing.leave(provider, by=SYSTEM, reason="违约", until=moments.today())
    with pytest.raises(Refused, match=words) as refusal:
        purchases.bid_by(project, provider)
    assert refusal.value.rule == "S26"


def test_an_invited_tender_takes_bids_of_the_invited_only():
    invited = [factories.AccreditedProvider() for _ in range(3)]
    project = purchases.planned("inquiry", code="D02.01", limit_price=150, quota=100)
    project = purchases.published(project, invited=invited)
    stranger = factories.AccreditedProvider()
    with pytest.raises(Refused, match="受邀机构"):
        purchases.bid_by(project, stranger)
    seen = Project.objects.visible_to(factories.member_of(stranger))
    assert not seen.filter(pk=project.pk).exists()
    assert purchases.bid_by(project, invited[0]).status == "sealed"


def test_a_price_over_the_limit_or_left_out_is_told_at_its_field():
    project = purchases.published()
    provider = factories.AccreditedProvider()
    item = project.items.get()
    with pytest.raises(Invalid) as refusal:
        purchases.bid_by(project, provider, "50.01")
    assert refusal.value.fields == {f"sealed_price_{item.pk}": "超过单价上限 50 元。"}
    with pytest.raises(Invalid) as refusal:
        bidding.seal(by=factories.member_of(provider), project=project, offer=bidding.Offer({}, "", "", []))
    assert f"sealed_price_{item.pk}" in refusal.value.fields
    assert not Bid.objects.filter(project=project).exists()


def test_papers_come_from_the_folder_and_all_that_lack_are_named_at_once():
    project = purchases.published(papers=["licence", "credit"])
    provider = factories.AccreditedProvider()
    with pytest.raises(Invalid, match="登记证书或营业执照、无重大违法记录声明"):
        purchases.bid_by(project, provider)
    for kind in ("licence", "credit"):
        purchases.paper(provider, kind)
    bid = purchases.bid_by(project, provider)
    for each in ("44", "46"):
        other = factories.AccreditedProvider()
        for kind in ("licence", "credit"):
            purchases.paper(other, kind)
        purchases.bid_by(project, other, each)
    project = purchases.opened(project, prices=())
    bid.refresh_from_db()
    assert [file.name for file in bid.files.all()] == ["登记证书或营业执照", "无重大违法记录声明"]
    assert bid.files.first().plain() == PAGE


def test_bids_close_by_the_clock_and_the_last_second_counts():
    project = purchases.published()
    for price in ("40", "41", "42"):
        purchases.bid_by(project, factories.AccreditedProvider(), price)
    with moments.as_of(purchases.after(project, seconds=-1)):
        scheduled.follow_the_clock()
    assert Project.objects.get(pk=project.pk).status == "open"
    with moments.as_of(project.bids_until):
        scheduled.follow_the_clock()
    project.refresh_from_db()
    assert project.status == "closed"
