"""A framework shortlists and eliminates; work is called off by choice, in turn, or by competition."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from contracts.amendments import amending
from contracts.contracts import quota, running, signing
from contracts.contracts.models import Contract
from contracts.invoices import deliveries
from foundation import moments
from foundation.refusals import Exhausted, Invalid, Refused
from organizations.people.models import User
from organizations.providers import standing
from procurement.awards import awarding
from procurement.bids import bidding
from procurement.purchases import planning
from procurement.purchases.models import Project
from tests import factories
from tests.procurement import purchases
from tests.procurement.purchases import framework


def call_off(project: Project, **given):
    bid = given.pop("bid", None) or awarding.next_in_turn(project)
    item = project.items.get()
    fields = {
        "way": "rotation",
        "quotas": {item.pk: 200},
        "budget_line": project.budget_line,
        "start_on": project.start_on,
        "end_on": project.end_on,
        **given,
    }
    return awarding.call_off(project, by=purchases.officer(), bid=bid, **fields)


def test_a_framework_takes_several_and_eliminates_at_least_one():
    project = purchases.published(purchases.planned("framework"), places=3)
    project = purchases.evaluated(project)
    with pytest.raises(Refused, match="至少淘汰 1 家"):
        awarding.award(project, by=purchases.officer())
    project = framework()
    assert project.status == "contracted"
    assert project.bids.filter(status="awarded").count() == 2
    assert project.call_offs.count() == 0


def test_a_framework_lasts_two_years_at_most():
    project = purchases.planned("framework")
    Project.objects.filter(pk=project.pk).update(end_on=project.start_on + timedelta(days=740))
    project.refresh_from_db()
    with pytest.raises(Invalid, match="最长 2 年"):
        planning.submit(purchases.ready(project, places=2), by=purchases.officer())


def test_work_goes_round_among_the_shortlisted():
    project = framework()
    first, second = project.bids.filter(status="awarded").order_by("rank")
    assert awarding.next_in_turn(project) == first
    call_off(project)
    assert awarding.next_in_turn(project) == second
    with pytest.raises(Invalid, match="现在轮到"):
        call_off(project, bid=first)
    call_off(project)
    assert awarding.next_in_turn(project) == first
    made = [each.contract for each in project.call_offs.all()]
    assert [each.provider for each in made] == [first.provider, second.provider]
    assert made[0].lines.get().unit_price == Decimal("40")


def test_a_shortlisted_provider_is_led_to_its_own_contract_alone(client_of):
    project = framework()
    call_off(project)
    call_off(project)
    own, of_another = [made.contract for made in project.call_offs.order_by("pk")]
    own = in_force(own)
    reader = User.objects.get(pk=factories.member_of(own.provider).user_id)
    page = client_of(reader.username).get(f"/projects/{project.number}/").content.decode()
    assert f'href="{own.get_absolute_url()}"' in page
    assert of_another.number in page
    assert f'href="{of_another.get_absolute_url()}"' not in page


def test_a_choice_wants_its_reason():
    project = framework()
    bid = project.bids.get(rank=2)
    with pytest.raises(Invalid) as refusal:
        call_off(project, bid=bid, way="choice", why=" ")
    assert "why" in refusal.value.fields
    call_off(project, bid=bid, way="choice", why="老人自己选的")
    assert project.call_offs.get().why == "老人自己选的"


def test_a_suspended_provider_is_passed_over():
    project = framework()
    first, second = project.bids.filter(status="awarded").order_by("rank")
    standing.suspend(first.provider, by=purchases.officer(), reason="核查")
    assert awarding.next_in_turn(project) == second
    with pytest.raises(Refused, match="已暂停"):
        call_off(project, bid=first, way="choice", why="想选")


def test_call_offs_stay_within_the_framework():
    project = framework()
    item = project.items.get()
    call_off(project, quotas={item.pk: 900})
    with pytest.raises(Invalid, match="超过框架协议的数量") as refusal:
        call_off(project, quotas={item.pk: 101})
    assert refusal.value.fields == {f"quota_{item.pk}": "框架协议里还剩 100。"}
    late = project.end_on + timedelta(days=1)
    with pytest.raises(Invalid, match="应在框架协议之内"):
        call_off(project, quotas={item.pk: 10}, end_on=late)


def in_force(contract: Contract, days: int = 61) -> Contract:
    """Signed by both, and begun."""
    contract = factories.signed(contract)
    with moments.as_of(moments.now() + timedelta(days=days)):
        running.follow_the_days()
    return Contract.objects.get(pk=contract.pk)


def test_an_ended_call_off_gives_back_only_what_it_has_not_delivered():
    project = framework()
    item = project.items.get()
    call_off(project, quotas={item.pk: 600})
    contract = in_force(project.call_offs.get().contract)
    line = contract.lines.get()
    with moments.as_of(moments.now() + timedelta(days=62)):
        quota.reserve(line.pk, 250)
        deliveries.record(
            line.pk, 250, holder="ZJ-9", on=moments.today(), by=factories.member_of(contract.provider)
        )
        running.terminate(contract, by=purchases.officer(), reason="协商")
    with pytest.raises(Invalid) as refusal:
        call_off(project, quotas={item.pk: 751})
    assert refusal.value.fields == {f"quota_{item.pk}": "框架协议里还剩 750。"}
    call_off(project, quotas={item.pk: 750})


def test_a_call_off_is_not_renewed_past_its_framework():
    project = framework()
    call_off(project)
    contract = in_force(project.call_offs.get().contract)
    begin = contract.end_on + timedelta(days=1)
    with pytest.raises(Refused, match="请在框架协议下重新下单"):
        signing.renew(
            by=purchases.officer(),
            contract=contract,
            budget_line=contract.budget_line,
            start_on=begin,
            end_on=begin + timedelta(days=90),
        )
    assert not contract.renewals.exists()


def test_an_agreement_does_not_carry_a_call_off_beyond_its_framework():
    project = framework()
    item = project.items.get()
    call_off(project, quotas={item.pk: 500})
    contract = in_force(project.call_offs.get().contract)
    call_off(project, quotas={item.pk: 480})
    line = contract.lines.get()
    given = {"by": purchases.officer(), "contract": contract, "why": "需求增加"}
    with moments.as_of(moments.now() + timedelta(days=62)):
        with pytest.raises(Refused, match="还剩 20"):
            amending.propose(quotas={line.pk: 521}, **given)
        with pytest.raises(Invalid, match="应在框架协议之内"):
            amending.propose(quotas={}, end_on=project.end_on + timedelta(days=1), **given)
        assert amending.propose(quotas={line.pk: 520}, **given).added == 800


def test_a_second_competition_gets_only_what_the_framework_has_left():
    above = framework(places=3, prices=("40", "44", "46", "49"))
    project = purchases.published(purchases.planned("inquiry", under=above, quota=300))
    for bid, price in zip(
        above.bids.filter(status="awarded").order_by("rank"), ("39", "38", "37"), strict=True
    ):
        purchases.bid_by(project, bid.provider, price)
    project = purchases.concluded(project, prices=())
    call_off(above, quotas={above.items.get().pk: 900})
    with pytest.raises(Refused, match="还剩 100"):
        awarding.make_contract(project, by=purchases.officer())
    assert not project.call_offs.exists()


def test_a_call_off_without_budget_is_refused_and_leaves_nothing():
    project = framework()
    poor = factories.Budget(amount=Decimal("100"))
    with pytest.raises(Exhausted):
        call_off(project, budget_line=poor)
    assert not project.call_offs.exists()
    assert not Contract.objects.filter(budget_line=poor).exists()


def test_one_who_was_not_shortlisted_gets_nothing():
    project = framework()
    out = project.bids.get(status="lost")
    with pytest.raises(Invalid, match="只能选入围的机构"):
        call_off(project, bid=out, way="choice", why="想选")


@pytest.mark.parametrize("days,field", [({"end_on": 1}, "end_on"), ({"start_on": -1}, "start_on")])
def test_a_second_competition_stays_within_the_days_of_its_framework(days, field):
    above = framework(places=3, prices=("40", "44", "46", "49"))
    moved = {name: getattr(above, name) + timedelta(days=by) for name, by in days.items()}
    given = {"start_on": above.start_on, "end_on": above.end_on} | moved
    with pytest.raises(Invalid) as refusal:
        purchases.planned("inquiry", under=above, quota=300, **given)
    assert "框架协议之内" in refusal.value.fields[field]


def test_a_second_competition_is_among_the_shortlisted_and_never_dearer():
    above = framework(places=3, prices=("40", "44", "46", "49"))
    project = purchases.planned("inquiry", under=above, quota=300)
    shortlisted = [bid.provider for bid in above.bids.filter(status="awarded")]
    assert set(project.invited.all()) == set(shortlisted)
    project = purchases.published(project)
    own = {bid.provider: bid.lines.get().unit_price for bid in above.bids.all()}
    for provider in shortlisted:
        with pytest.raises(Invalid) as refusal:
            purchases.bid_by(project, provider, str(own[provider] + 1))
        (words,) = refusal.value.fields.values()
        assert words == f"超过框架协议的单价 {own[provider]:.0f} 元。"
    for provider, price in zip(shortlisted, ("39", "38", "37"), strict=True):
        purchases.bid_by(project, provider, price)
    with pytest.raises(Refused, match="受邀机构"):
        purchases.bid_by(project, factories.AccreditedProvider(), "30")
    project = purchases.concluded(project, prices=())
    project = awarding.make_contract(project, by=purchases.officer())
    made = project.call_offs.get()
    assert (made.way, made.contract.lines.get().unit_price) == ("competition", Decimal("37"))
    item = above.items.get()
    with pytest.raises(Invalid, match="超过框架协议的数量"):
        call_off(above, quotas={item.pk: 701})


def test_a_bid_is_checked_again_for_its_papers_at_the_opening():
    project = purchases.published(purchases.planned("framework"), places=2)
    project = purchases.opened(project)
    Project.objects.filter(pk=project.pk).update(papers=["licence"])
    bid = project.bids.filter(status="opened")[0]
    with pytest.raises(Refused, match="缺少：登记证书"):
        bidding.qualify(bid, by=purchases.officer())
