"""Each red flag rises on its pattern, is silent beside it, and shows rule and evidence."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from contracts.amendments import amending
from foundation import moments, wording
from foundation.ui.pagination import PAGE
from procurement.awards import awarding
from procurement.bids import bidding
from procurement.oversight import counting, telling
from procurement.oversight.evidence import CODES
from procurement.oversight.models import LISTED, FlagCount, FlagFact, RedFlag
from procurement.panel import scoring
from procurement.purchases import planning
from procurement.purchases.models import Project
from tests import factories
from tests.procurement import purchases

pytestmark = pytest.mark.story


def flags_about(project: Project) -> list[RedFlag]:
    """The kept flags about a purchase."""
    return list(RedFlag.objects.about(project))


def about(project: Project) -> set[str]:
    return {flag.code for flag in flags_about(project)}


def addresses(flag: RedFlag) -> set[str]:
    """The addresses of its facts."""
    return {fact.address for fact in telling.told(flag).evidence}


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


def test_every_code_has_a_rule_and_a_sentence():
    assert set(CODES) == {*counting.RULES, *counting.OF_PEOPLE} == set(telling.SENTENCES)


def test_what_a_flag_names_cannot_be_deleted_under_it():
    project = purchases.published(days=14)
    fact = FlagFact.objects.filter(project=project).first()
    with pytest.raises(ProtectedError):
        fact.about.delete()


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
    flags = {flag.code: flag for flag in flags_about(project)}
    assert {"R035", "R036"} <= flags.keys()
    assert any("缺少资质" in fact.words for fact in telling.told(flags["R035"]).evidence)


def test_purchases_split_below_a_threshold():
    factories.rule("procurement.thresholds", open_from=90000, small_below=10000)
    first = purchases.published(purchases.planned(quota=1000))
    assert "LD01" not in about(first)
    second = purchases.published(purchases.planned(quota=900))
    assert "LD01" in about(first) and "LD01" in about(second)
    (flag,) = [flag for flag in flags_about(first) if flag.code == "LD01"]
    assert addresses(flag) >= {first.get_absolute_url(), second.get_absolute_url()}
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
    flags = RedFlag.objects.filter(code="LD04")
    assert any(amendment.get_absolute_url() in addresses(flag) for flag in flags)


def test_a_contract_without_a_purchase_is_named_and_one_with_it_is_not():
    alone = factories.signed(factories.DirectContract(quota=1000))
    project = purchases.concluded()
    made = awarding.make_contract(project, by=purchases.officer()).call_offs.get().contract
    named = set().union(*map(addresses, RedFlag.objects.filter(code="LD05")))
    assert alone.get_absolute_url() in named
    assert made.get_absolute_url() not in named


def test_a_rule_that_the_city_changes_changes_the_flag_at_the_next_count():
    project = purchases.published(days=18)
    assert "R003" not in about(project)
    counting.count_all()
    assert not counting.keep_counted()
    factories.rule("red_flag.R003", days=20)
    assert counting.keep_counted()
    counting.count_all()
    (flag,) = [flag for flag in flags_about(project) if flag.code == "R003"]
    assert flag.rule_version == 1
    assert flag.rule.value == {"days": 20}


def test_a_flag_goes_when_the_data_no_longer_show_it():
    project = purchases.published(days=14)
    assert "R003" in about(project)
    later = project.bids_until + timedelta(days=2)
    project = planning.extend(project, by=purchases.officer(), reason="答疑需要时间", bids_until=later)
    assert about(project) == set()


def test_a_flag_goes_when_its_purchase_is_older_than_the_rule_looks_back():
    project = purchases.published(days=14)
    with moments.as_of(moments.now() + timedelta(days=731)):
        counting.count_all()
    assert about(project) == set()


def picture() -> set[tuple]:
    """All flags that are kept, with their facts, in words."""
    kept = RedFlag.objects.with_facts().order_by("pk")
    told = [telling.told(flag) for flag in kept]
    return {
        (flag.flag.code, flag.flag.scope, flag.flag.part, flag.flag.extent, flag.words, *flag.evidence)
        for flag in told
    }


def test_what_events_have_kept_is_what_a_whole_count_finds():
    shared(3)
    alone = factories.signed(factories.DirectContract(quota=1000))
    assert alone.get_absolute_url() in set().union(*map(addresses, RedFlag.objects.filter(code="LD05")))
    kept, keys = picture(), set(RedFlag.objects.values_list("pk", flat=True))
    assert kept
    counting.count_all()
    assert picture() == kept
    assert set(RedFlag.objects.values_list("pk", flat=True)) == keys  # a flag that stays is not made anew
    RedFlag.objects.all().delete()
    counting.count_all()
    assert picture() == kept


def test_a_flag_is_told_in_the_language_of_its_reader(client_of):
    project = purchases.published(days=14)
    (flag,) = [flag for flag in flags_about(project) if flag.code == "R003"]
    assert telling.sentence(flag) == f"“{project.title}”从公告到截止只有 14 天。"
    with translation.override("en"):
        assert project.title in telling.sentence(flag)
        assert "14 days" in telling.sentence(flag)


def test_every_flag_of_the_starter_data_shows_its_rule_and_its_evidence(client_of, api_of):
    counting.count_all()
    flags = [telling.told(flag) for flag in RedFlag.objects.with_facts()]
    assert flags
    auditor = client_of("shenji")
    page = auditor.get("/red-flags/").content.decode()
    body = api_of("shenji").get("/api/v1/red-flags").json()["results"]
    assert [row["id"] for row in body] == [told.flag.pk for told in flags]
    for told, row in zip(flags, body, strict=True):
        assert told.evidence
        assert row["words"] == told.words
        assert row["evidence"] == [{"words": fact.words, "address": fact.address} for fact in told.evidence]
        assert told.evidence[0].address in page
        assert told.flag.rule.basis in page
        assert told.words in auditor.get(told.flag.get_absolute_url()).content.decode()
    for fact in {told.evidence[0].address for told in flags}:
        assert auditor.get(fact).status_code == 200
    assert wording.moment(FlagCount.objects.get().counted_at) in page


def test_the_page_says_so_while_nothing_was_counted(client_of):
    FlagCount.objects.all().delete()
    assert "还没有算过" in client_of("shenji").get("/red-flags/").content.decode()


def test_flags_of_one_code_are_found_by_it(client_of, api_of):
    purchases.published(days=14)
    factories.signed(factories.DirectContract(quota=1000))
    page = client_of("shenji").get("/red-flags/?code=R003").content.decode()
    assert "从公告到截止只有" in page
    assert "没有对应的采购项目" not in page
    body = api_of("shenji").get("/api/v1/red-flags?code=R003").json()["results"]
    assert {row["code"] for row in body} == {"R003"}


def test_the_flags_cost_the_same_statements_however_many_there_are(client_of, django_assert_num_queries):
    auditor = client_of("shenji")
    purchases.published(days=14)
    auditor.get("/red-flags/")
    with CaptureQueriesContext(connection) as few:
        auditor.get("/red-flags/")
    for _ in range(3):
        purchases.published(days=14)
    with django_assert_num_queries(len(few)):
        page = auditor.get("/red-flags/").content.decode()
    assert page.count("从公告到截止只有") >= 4


def test_facts_beyond_the_first_stand_on_the_page_of_the_flag(client_of, api_of):
    project = purchases.published(days=14)
    (flag,) = [flag for flag in flags_about(project) if flag.code == "R003"]
    others = [FlagFact(flag=flag, position=n, telling="name", project=project) for n in range(1, 70)]
    FlagFact.objects.bulk_create(others)
    RedFlag.objects.filter(pk=flag.pk).update(extent=70)
    auditor = client_of("shenji")
    link = f'href="{project.get_absolute_url()}"'
    listed = auditor.get("/red-flags/?code=R003").content.decode()
    assert listed.count(link) == LISTED
    assert flag.get_absolute_url() in listed
    assert auditor.get(flag.get_absolute_url()).content.decode().count(link) == PAGE
    assert auditor.get(f"{flag.get_absolute_url()}?from={PAGE}").content.decode().count(link) == 20
    (row,) = api_of("shenji").get("/api/v1/red-flags?code=R003").json()["results"]
    assert (len(row["evidence"]), row["extent"]) == (LISTED, 70)
