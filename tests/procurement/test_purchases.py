"""A purchase goes its whole way, and every method demands what it demands."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from contracts.budgets import appropriations, ledger, reserving
from foundation import moments
from foundation.refusals import Exhausted, Invalid, NotNow, NotYours, Refused
from foundation.work_items import settling
from organizations.providers import standing
from procurement.awards import awarding
from procurement.purchases import method_requirements, planning, scheduled
from procurement.purchases.models import Project
from tests import factories
from tests.procurement import purchases


def money_of(project) -> tuple[Decimal, Decimal, Decimal]:
    line = project.budget_line
    line.refresh_from_db()
    return line.available, line.planned, line.reserved


def test_a_purchase_goes_from_the_plan_to_a_contract_at_the_price_of_the_bid_that_won():
    project = purchases.concluded()
    assert project.status == "concluded"
    assert money_of(project) == (450000, 50000, 0)
    project = awarding.make_contract(project, by=purchases.officer())
    contract = project.call_offs.get().contract
    line = contract.lines.get()
    won = project.bids.get(status="awarded")
    assert (line.unit_price, line.quota) == (40, 1000)
    assert (contract.provider, contract.amount) == (won.provider, 40000)
    assert money_of(project) == (460000, 0, 40000)
    assert list(ledger.faults()) == []


def test_what_a_purchase_may_cost_is_set_aside_first_and_free_when_it_is_cancelled():
    project = purchases.planned(quota=1000)
    assert money_of(project) == (450000, 50000, 0)
    assert reserving.set_aside_for(project.number) == 50000
    project = planning.cancel(project, by=purchases.officer(), reason="需求变了")
    assert money_of(project) == (500000, 0, 0)
    assert project.outcome == "需求变了"


def test_a_purchase_without_a_budget_is_refused_and_leaves_nothing():
    with pytest.raises(Exhausted, match="预算不足"):
        purchases.planned(quota=20000)
    assert not Project.objects.filter(title="居家照料服务采购").exists()


def test_a_price_over_the_ceiling_of_the_edition_is_refused_at_its_field():
    with pytest.raises(Invalid) as refusal:
        purchases.planned(limit_price=Decimal("73"))
    assert "limit_price" in refusal.value.fields


def test_a_method_that_the_catalog_does_not_allow_for_the_item_is_refused():
    with pytest.raises(Invalid, match="目录没有允许"):
        purchases.planned(method="single")


def test_whoever_plans_does_not_publish():
    project = planning.submit(purchases.ready(), by=purchases.officer())
    with pytest.raises(NotYours):
        planning.publish(project, by=purchases.officer())


def test_everything_that_lacks_is_told_at_once_with_the_rule():
    project = purchases.planned()
    with pytest.raises(Invalid) as refusal:
        planning.submit(project, by=purchases.officer())
    fields = set(refusal.value.fields)
    assert {"price_points", "people", "bids_until"} <= fields
    assert refusal.value.rule == "财库〔2014〕214号第十条、第二十四条"


@pytest.mark.parametrize(
    ("method", "code", "days", "words"),
    [
        ("open", "D01.01", 19, "至少 20 天，现在 19 天"),
        ("consultation", "B01.01", 9, "至少 10 天，现在 9 天"),
        ("framework", "B01.01", 19, "至少 20 天，现在 19 天"),
    ],
)
def test_a_notice_stands_as_long_as_its_method_demands(method, code, days, words):
    price = {"limit_price": Decimal("1000"), "quota": 10} if code == "D01.01" else {}
    project = purchases.ready(purchases.planned(method, code=code, **price), days=days)
    with pytest.raises(Invalid, match=words):
        planning.submit(project, by=purchases.officer())
    project = planning.set_terms(
        project,
        by=purchases.officer(),
        bids_until=moments.now() + timedelta(days=days + 1),
        price_points=30,
        criteria=purchases.CRITERIA,
        papers=[],
        places=1,
        panel_size=3,
    )
    assert planning.submit(project, by=purchases.officer()).status == "submitted"


def test_every_requirement_is_told_at_once_also_two_of_one_field(client_of):
    project = purchases.ready(days=4)
    wanted = ["至少 10 天", "至少 5 个工作日"]
    with pytest.raises(Invalid) as refusal:
        planning.submit(project, by=purchases.officer())
    assert all(words in str(refusal.value.fields["bids_until"]) for words in wanted)
    page = client_of("minzheng").get(project.get_absolute_url()).content.decode()
    _before, _heading, card = page.partition("发布之前还差")
    listed = card.partition("</ul>")[0]
    assert listed.count("<li>") == 2
    assert all(words in listed for words in wanted)
    with translation.override("en"):
        assert "yet: At least" in str(refusal.value.message)
        assert ".At" not in str(refusal.value.message)


def test_the_days_are_counted_anew_from_the_publication():
    project = planning.submit(purchases.ready(days=10), by=purchases.officer())
    with moments.as_of(moments.now() + timedelta(days=2)):
        with pytest.raises(Invalid, match="至少 10 天"):
            planning.publish(project, by=purchases.officer("minzheng2"))


def test_a_purchase_from_the_threshold_on_must_be_public():
    factories.rule("procurement.thresholds", open_from=50000, small_below=10000)
    project = purchases.ready(purchases.planned(quota=1000))
    with pytest.raises(Invalid, match="请改用公开招标"):
        planning.submit(project, by=purchases.officer())
    project = purchases.ready(purchases.planned(quota=999))
    assert method_requirements.unmet([project], moments.now()) == {project.pk: []}


def test_points_must_make_a_hundred_and_the_price_its_share():
    project = purchases.ready(price_points=40)
    with pytest.raises(Invalid) as refusal:
        planning.submit(project, by=purchases.officer())
    assert refusal.value.fields["price_points"] == "价格分应在 10 到 30 之间。"
    assert "现在是 110 分" in refusal.value.fields["criteria"]


def test_an_even_panel_is_refused():
    with pytest.raises(Invalid, match="单数"):
        planning.submit(purchases.ready(panel_size=4), by=purchases.officer())


def test_single_source_wants_reasons_and_five_working_days():
    provider = factories.AccreditedProvider()
    item = {"code": "D02.01", "limit_price": Decimal("150"), "quota": 100}
    project = purchases.planned("single", **item)
    project = purchases.ready(project, days=3, invited=[provider], justification="")
    with pytest.raises(Invalid) as refusal:
        planning.submit(project, by=purchases.officer())
    assert refusal.value.fields["justification"] == "这种采购方式须写明理由。"
    assert "至少 5 个工作日" in refusal.value.fields["bids_until"]


def test_too_few_bids_at_the_deadline_fail_the_purchase_and_free_its_money():
    project = purchases.closed(prices=("45", "48"))
    assert project.status == "failed"
    assert project.outcome == "截止时只有 2 家投标，不足 3 家。"
    assert money_of(project) == (500000, 0, 0)


def test_a_deadline_only_moves_to_later():
    project = purchases.published()
    sooner = project.bids_until - timedelta(days=1)
    with pytest.raises(Invalid, match="晚于"):
        planning.extend(project, by=purchases.officer(), reason="x", bids_until=sooner)
    later = project.bids_until + timedelta(days=3)
    project = planning.extend(project, by=purchases.officer(), reason="节假日", bids_until=later)
    with moments.as_of(later - timedelta(hours=1)):
        scheduled.follow_the_clock()
    assert Project.objects.get(pk=project.pk).status == "open"


def test_an_award_over_the_budget_of_the_purchase_is_refused_with_the_rule():
    project = purchases.evaluated()
    project.bids.update(price=Decimal("50000.01"))
    settling.touch(project)
    with pytest.raises(Refused, match="超过预算") as refusal:
        awarding.award(project, by=purchases.officer())
    assert "第三十六条" in refusal.value.rule
    project.refresh_from_db()
    assert project.status == "evaluated"


def test_a_bidder_that_was_suspended_after_its_bid_does_not_win():
    project = purchases.evaluated()
    first = project.bids.order_by("rank")[0]
    standing.suspend(first.provider, by=purchases.officer(), reason="举报核查中")
    with pytest.raises(Refused, match="已暂停") as refusal:
        awarding.award(project, by=purchases.officer())
    assert refusal.value.rule == "S26"


def test_no_contract_before_the_time_for_objections_is_over():
    project = purchases.awarded()
    with pytest.raises(NotNow):
        awarding.make_contract(project, by=purchases.officer())
    with moments.as_of(moments.now() + timedelta(days=3)):
        scheduled.follow_the_clock()
    project.refresh_from_db()
    assert project.status == "awarded"


@pytest.mark.parametrize("carried", [True, False])
def test_money_of_a_purchase_goes_over_the_year_end_by_rule(carried):
    line = factories.Budget(amount=Decimal("60000"), source="测试来源")
    factories.rule("budget.year_end", carry_sources=["测试来源"] if carried else ["别的"])
    project = purchases.concluded(purchases.published(purchases.planned(budget_line=line)))
    finance, second = factories.actor("caizheng"), factories.actor("caizheng2")
    last_day = datetime(line.year, 12, 31, 12, tzinfo=moments.SHANGHAI)
    with moments.as_of(last_day):
        change = appropriations.close(by=finance, line=line)
        assert change.plan["planned"][0]["amount"] == "50000.00"
        appropriations.approve(change, by=second)
    line.refresh_from_db()
    assert line.planned == 0
    with moments.as_of(last_day + timedelta(days=5)):
        if not carried:
            assert line.returned == 60000
            with pytest.raises(Exhausted):
                awarding.make_contract(project, by=purchases.officer())
            return
        project = awarding.make_contract(project, by=purchases.officer())
    following = project.call_offs.get().contract.budget_line
    assert (following.year, following.reserved, following.planned) == (line.year + 1, 40000, 0)
    assert list(ledger.faults()) == []
