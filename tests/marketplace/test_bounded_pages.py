"""No page lists without pages, and its statements do not grow with what it lists."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client, RequestFactory

from benchmarks.sweep.judging import STATEMENTS
from catalog.offers.models import Offer
from contracts.budgets.models import Earmark
from demo.scale import copying
from foundation.api.defaults import Paging
from foundation.deadlines.models import Clock
from foundation.ui import pagination
from foundation.ui.pagination import PAGE, in_order, paginate
from organizations.providers.models import Provider
from organizations.providers.states import Standing
from organizations.responsibilities.need_kinds import NeedKind
from procurement.objections import objecting
from procurement.oversight.models import FlagFact, RedFlag
from referrals.matching import ranking
from referrals.needs import triage
from referrals.needs.models import Need
from referrals.offers.models import Referral
from referrals.rematching.models import Rematch
from tests import factories
from tests.procurement import purchases
from tests.statements import opened


def asked(query: str = ""):
    return RequestFactory().get(f"/{query}")


def test_rows_in_an_order_of_their_own_come_page_by_page():
    rows = [f"row {number}" for number in range(120)]
    first = in_order(rows, asked())
    assert (first.rows, first.newest) == (rows[:PAGE], "")
    second = in_order(rows, asked(first.older))
    assert second.rows == rows[50:100]
    last = in_order(rows, asked(second.older))
    assert (last.rows, last.older, last.newest) == (rows[100:], "", "?")


@pytest.mark.parametrize("odd", ["x", "-5", "9" * 30, "\u0665", ""])
def test_an_odd_position_is_the_beginning(odd):
    assert in_order(["a"], asked(f"?from={odd}")).rows == ["a"]


def test_a_position_beyond_the_end_has_no_rows():
    assert in_order(["a"], asked(f"?from={'9' * 18}")).rows == []


def test_two_lists_of_one_page_are_paged_apart():
    for _each in range(3):
        factories.AccreditedProvider()
    query = asked("?exits_before=3&other=1")
    page = paginate(Provider.objects.all(), query, "suspended_before")
    assert page.newest == ""
    assert len(page) == min(PAGE, Provider.objects.count())


@pytest.mark.tampers
def test_the_providers_of_a_public_list_come_page_by_page(client, django_assert_max_num_queries):
    for _each in range(PAGE + 5):
        factories.AccreditedProvider()
    with copying.without_triggers():
        Provider.objects.update(status=Standing.SUSPENDED)
    with django_assert_max_num_queries(6):
        page = client.get("/notices/").content.decode()
    assert page.count('class="chip') <= PAGE + 20
    older = re.search(r'href="(\?suspended_before=\d+)"', page)
    assert older
    assert client.get(f"/notices/{older[1]}").status_code == 200


def test_the_contracts_of_a_budget_line_come_page_by_page(
    client_of, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(pagination, "PAGE", 1)
    first = factories.ContractInForce()
    line = first.budget_line
    later = factories.ContractInForce(budget_line=line)
    assert Earmark.objects.filter(line=line).count() == 2
    officer = client_of("caizheng")
    with django_assert_max_num_queries(9):
        page = officer.get(line.get_absolute_url()).content.decode()
    assert [contract.get_absolute_url() in page for contract in (later, first)] == [True, False]
    older = re.search(r'href="(\?before=\d+)"', page)
    assert older
    page = officer.get(f"{line.get_absolute_url()}{older[1]}").content.decode()
    assert [contract.get_absolute_url() in page for contract in (later, first)] == [False, True]


def test_a_list_of_offers_asks_its_rule_once(client_of, django_assert_max_num_queries):
    for _each in range(12):
        factories.AcceptedOffer()
    assert Offer.objects.count() >= 12
    officer = client_of("minzheng")
    with django_assert_max_num_queries(6):
        page = officer.get("/offers/")
    assert page.status_code == 200


def test_a_plan_of_thousands_of_rows_is_shown_in_pages():
    plan = [
        {"number": f"ZJ-{n}", "offer": n if n % 2 else None, "way": "left" if n % 10 == 0 else ""}
        for n in range(1000)
    ]
    rematch = Rematch(plan=plan)
    assert len(rematch.placed) == 500
    assert len(rematch.otherwise) == 100
    assert len(rematch.unplaced) == 400
    assert len(in_order(rematch.unplaced, asked())) == PAGE


def test_candidates_beyond_the_best_are_found_by_name(client_of, monkeypatch):
    monkeypatch.setattr("referrals.matching.views.LISTED", 4)
    need = factories.OpenNeed(kind="care")
    offers = []
    for _each in range(6):
        provider = factories.AccreditedProvider()
        offers.append(factories.AcceptedOffer(provider=provider))
        factories.ContractInForce(provider=provider)
    last = ranking.rank(need).candidates[-1]
    client, address = client_of("chuangkou"), f"/needs/{need.pk}/match/"
    page = client.get(address).content.decode()
    assert page.count('name="offer_id"') == 4
    assert f'value="{last.offer_id}"' not in page
    named = client.get(address, {"named": last.provider}).content.decode()
    assert f'value="{last.offer_id}"' in named
    part = client.get(address, {"named": last.provider}, headers={"HX-Request": "true"}).content.decode()
    assert f'value="{last.offer_id}"' in part
    assert "<html" not in part
    chosen = client.post(address, {"offer_id": last.offer_id, "units": ""}).content.decode()
    assert re.search(rf'value="{last.offer_id}"\s+checked', chosen)


def test_red_flags_come_page_by_page(client_of, api_of):
    project = purchases.published(days=14)
    kept = RedFlag.objects.about(project).get(code="R003")
    for number in range(PAGE + 3):
        flag = RedFlag.objects.get(pk=kept.pk)
        flag.pk, flag.part = None, str(number)
        flag.save(force_insert=True)
        FlagFact.objects.create(flag=flag, position=0, telling="name", project=project)
    auditor, said = client_of("shenji"), "从公告到截止只有"
    page = auditor.get("/red-flags/?code=R003").content.decode()
    assert page.count(said) == PAGE
    older = re.search(r'href="(\?[^"]*before=\d+[^"]*)"', page)
    assert older
    assert auditor.get(f"/red-flags/{html.unescape(older[1])}").content.decode().count(said) >= 4
    body = api_of("shenji").get("/api/v1/red-flags?code=R003").json()
    assert len(body["results"]) == Paging.page_size
    assert body["next"]


def statements(client: Client, address: str) -> int:
    """How many statements a page sends."""
    _page, sent = opened(client, address)
    return len(sent)


def grown(referral: Referral, needs: int) -> None:
    """Let the case of a referral have so many needs that wait, and as many with a provider; each has a deadline."""
    matter = referral.need.matter
    window = factories.window_of(matter.town)
    for kind in (NeedKind.values * 2)[matter.needs.count() // 2 : needs]:
        triage.add(by=window, matter=matter, kind=kind, urgent=True)
        if matter.needs.count() < needs * 2:
            _sent_as(referral, triage.add(by=window, matter=matter, kind="care", urgent=True))


def _sent_as(referral: Referral, need: Need) -> None:
    """Copy a referral and its deadlines for another need."""
    clocks = Clock.objects.running_on([referral])[referral.pk]
    with copying.without_triggers():
        Need.objects.filter(pk=need.pk).update(status=referral.need.status)
        copied = Referral.objects.get(pk=referral.pk)
        copied.pk, copied.need, copied.number = None, need, f"ZJ-2026-{900000 + need.pk}"
        copied.save(force_insert=True)
        for clock in clocks:
            clock.pk, clock.object_id = None, copied.pk
            clock.save(force_insert=True)


@pytest.mark.tampers
def test_the_page_of_a_matter_sends_as_many_statements_for_eight_needs_as_for_two(client_of):
    referral = factories.OfferedReferral(urgent=True)
    referral.need.refresh_from_db()
    address = referral.need.matter.get_absolute_url()
    readers = {username: client_of(username) for username in ("chuangkou", "minzheng")}
    alone = {username: statements(client, address) for username, client in readers.items()}
    grown(referral, 2)
    few = {username: statements(client, address) for username, client in readers.items()}
    grown(referral, 8)
    assert referral.need.matter.needs.count() == 16
    assert readers["chuangkou"].get(address).content.decode().count("time-left") >= 16
    assert {username: statements(client, address) for username, client in readers.items()} == few
    # one more than other pages: whether each provider stands on a list of the registry today
    assert max(*alone.values(), *few.values()) <= STATEMENTS + 1


def test_the_page_of_a_purchase_sends_as_many_statements_for_five_objections_as_for_one(client_of):
    project = purchases.awarded(prices=("45", "48", "40", "46", "47", "44", "43", "42"))
    officer, address = client_of("minzheng"), project.get_absolute_url()
    losers = [bid.provider for bid in project.bids.filter(status="lost")]
    assert len(losers) >= 5
    sent = []
    for loser in losers[:5]:
        by = factories.member_of(loser)
        objecting.raise_objection(by=by, project=project, grounds="成交机构没有所需资质。")
        sent.append(statements(officer, address))
    assert sent == [sent[0]] * 5
    assert sent[0] <= STATEMENTS
