"""Each red flag rises on its pattern, is silent beside it, and shows rule and evidence."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from contracts.amendments import amending
from foundation import moments
from procurement.awards import awarding
from procurement.bids import bidding
from procurement.oversight import red_flags
from procurement.panel import scoring
from procurement.purchases.models import Project
from tests import factories
from tests.procurement import purchases

pytestmark = pytest.mark.story


def about(project: Project) -> set[str]:
    return {each.code for each in red_flags.about(project)}


def shared(count: int) -> list[Project]:
    """Purchases of one item, each won by the same provider."""
    provider = factories.AccreditedProvider()
    made = []
    for _ in range(count):
        project = purchases.published(purchases.planned(code="B02.01", limit_price=Decimal("100")))
        purchases.bid_by(project, provider, "50")
        for price in ("60", "70"):
            purchases.bid_by(project, factories.AccreditedProvider(), price)
        made.append(purchases.awarded(project, prices=()))
    return made


def test_a_quiet_purchase_raises_no_flag():
    assert about(purchases.awarded()) == set()


@pytest.mark.parametrize(("days", "raised"), [(14, True), (15, False)])
def test_a_short_notice(days, raised):
    project = purchases.published(days=days)
    assert ("R003" in about(project)) is raised


def test_a_single_bid_in_a_competition():
    factories.rule("procurement.method.consultation", bidders=1)
    project = purchases.opened(prices=("45",))
    assert "R018" in about(project)
    assert "R018" not in about(purchases.opened(prices=("45", "46")))


def test_a_single_source_is_no_single_bid():
    provider = factories.AccreditedProvider()
    item = {"code": "D02.01", "limit_price": Decimal("150"), "quota": 100}
    project = purchases.published(purchases.planned("single", **item), invited=[provider])
    purchases.bid_by(project, provider, "140")
    assert "R018" not in about(purchases.opened(project, prices=()))


def test_prices_that_are_the_same_or_nearly():
    assert "R028" in about(purchases.opened(prices=("45", "45", "40")))
    near = purchases.awarded(prices=("40", "40.3", "48"))
    assert "R024" in about(near)
    assert "R024" not in about(purchases.awarded(prices=("40", "41", "48")))


def test_all_others_out_and_the_lowest_among_them():
    factories.rule("procurement.method.consultation", bidders=1)
    project = purchases.opened(prices=("40", "45", "48"))
    for bid in project.bids.filter(status="opened"):
        if bid.price == 45000:
            bidding.qualify(bid, by=purchases.officer())
        else:
            bidding.reject(bid, by=purchases.officer(), reason="缺少资质")
    project = scoring.draw_panel(project, by=purchases.officer())
    purchases.score_all(project)
    seat = project.panelseats.select_related("person")[0]
    project = scoring.report(project, by=purchases.expert(seat))
    project = awarding.award(project, by=purchases.officer())
    flags = {each.code: each for each in red_flags.about(project)}
    assert {"R035", "R036"} <= flags.keys()
    assert any("缺少资质" in each.words for each in flags["R035"].evidence)


def test_purchases_split_below_a_threshold():
    factories.rule("procurement.thresholds", open_from=90000, small_below=10000)
    first = purchases.published(purchases.planned(quota=1000))
    assert "LD01" not in about(first)
    second = purchases.published(purchases.planned(quota=900))
    assert "LD01" in about(first) and "LD01" in about(second)
    (flag,) = [each for each in red_flags.about(first) if each.code == "LD01"]
    assert {each.address for each in flag.evidence} >= {first.get_absolute_url(), second.get_absolute_url()}
    assert flag.rule.basis == "政府采购法第二十八条"


def test_purchases_far_apart_are_not_split():
    factories.rule("procurement.thresholds", open_from=90000, small_below=10000)
    with moments.as_of(moments.now() - timedelta(days=200)):
        first = purchases.published(purchases.planned(code="B02.01", quota=1000))
    second = purchases.published(purchases.planned(code="B02.01", quota=900))
    assert "LD01" not in about(first) | about(second)


def test_one_who_wins_again_and_again():
    two = shared(2)
    assert all("LD02" not in about(each) for each in two)
    three = [*two, *shared(1)]
    assert all("LD02" not in about(each) for each in three)
    provider = two[0].bids.get(status="awarded").provider
    project = purchases.published(purchases.planned(code="B02.01", limit_price=Decimal("100")))
    purchases.bid_by(project, provider, "50")
    for price in ("60", "70"):
        purchases.bid_by(project, factories.AccreditedProvider(), price)
    project = purchases.awarded(project, prices=())
    assert "LD02" in about(project)


def test_a_price_just_under_the_ceiling():
    assert "LD03" in about(purchases.awarded(prices=("49.5", "49.9", "50")))
    assert "LD03" not in about(purchases.awarded(prices=("48", "49", "50")))


def test_a_contract_that_grows_soon_after_its_signature():
    contract = factories.ContractInForce(quota=1000)
    line = contract.lines.get()
    amendment = amending.propose(
        by=purchases.officer(), contract=contract, quotas={line.pk: 1010}, why="需求增加"
    )
    second = purchases.officer("minzheng2")
    amendment = amending.sign(amendment, by=second, typed=second.name)
    member = factories.member_of(contract.provider)
    amending.agree(amendment, by=member, typed=member.name)
    flags = [each for each in red_flags.found() if each.code == "LD04"]
    assert any(amendment.get_absolute_url() in {fact.address for fact in flag.evidence} for flag in flags)


def test_a_contract_without_a_purchase_is_named_and_one_with_it_is_not():
    alone = factories.signed(factories.DirectContract(quota=1000))
    project = purchases.concluded()
    made = awarding.make_contract(project, by=purchases.officer()).call_offs.get().contract
    named = {fact.address for each in red_flags.found() if each.code == "LD05" for fact in each.evidence}
    assert alone.get_absolute_url() in named
    assert made.get_absolute_url() not in named


def test_a_rule_that_the_city_changes_changes_the_flag():
    project = purchases.published(days=18)
    assert "R003" not in about(project)
    factories.rule("red_flag.R003", days=20)
    (flag,) = [each for each in red_flags.about(project) if each.code == "R003"]
    assert flag.rule.version == 1


def test_every_flag_of_the_starter_data_shows_its_rule_and_its_evidence(client_of, api_of):
    flags = red_flags.found()
    assert flags
    page = client_of("shenji").get("/red-flags/").content.decode()
    body = api_of("shenji").get("/api/v1/red-flags").json()
    assert len(body) == len(flags)
    for flag in flags:
        assert flag.evidence
        assert flag.evidence[0].address in page
        assert flag.rule.basis in page
    for fact in {flag.evidence[0].address for flag in flags}:
        assert client_of("shenji").get(fact).status_code == 200


def test_the_flags_cost_the_same_statements_however_much_there_is(django_assert_num_queries):
    with django_assert_num_queries(7):
        red_flags.found()
    purchases.opened()
    with django_assert_num_queries(7):
        red_flags.found()
