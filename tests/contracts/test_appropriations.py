"""Budgets are granted, changed and closed by two people of finance, and every yuan is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.items.models import Item
from contracts.budgets import appropriations, ledger
from contracts.budgets.models import BudgetLine, LedgerEntry
from contracts.contracts import running, signing
from contracts.contracts.models import Contract
from contracts.invoices import deliveries, invoicing
from foundation import moments
from foundation.inbox.models import Notice
from foundation.moments import SHANGHAI
from foundation.refusals import Exhausted, Invalid, NotNow, NotYours
from foundation.wording import money
from organizations.bodies.models import Organization
from tests import factories
from tests.racing import at_once

LOTTERY = "福利彩票公益金"


@pytest.fixture
def finance(who):
    return who("caizheng")


@pytest.fixture
def second(who):
    return who("caizheng2")


@pytest.fixture
def body():
    return Organization.objects.get(code="minzheng")


def grant(finance, second, body, amount="1000", source="测试", year=2026) -> BudgetLine:
    change = appropriations.grant(
        by=finance,
        year=year,
        source=source,
        body=body,
        amount=Decimal(amount),
        document_number="澄财社〔2026〕1号",
    )
    appropriations.approve(change, by=second)
    return BudgetLine.objects.get(pk=change.line_id)


def at(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), SHANGHAI).replace(hour=10)


# --- documents ------------------------------------------------------------------------


def test_nothing_moves_until_a_second_person_has_approved(finance, second, body):
    change = appropriations.grant(
        by=finance, year=2026, source="测试", body=body, amount=Decimal("500"), document_number="1号"
    )
    assert change.line.amount == 0
    with pytest.raises(NotYours, match="须由另一人办理"):
        appropriations.approve(change, by=finance)
    appropriations.approve(change, by=second)
    line = BudgetLine.objects.get(pk=change.line_id)
    assert (line.amount, line.available) == (500, 500)
    entry = line.entries.get()
    assert (entry.credit, entry.debit, entry.change) == ("granted", "available", change)


def test_a_rejected_document_moves_nothing_and_says_why(finance, second, body):
    change = appropriations.grant(
        by=finance, year=2026, source="测试", body=body, amount=Decimal("500"), document_number="1号"
    )
    change = appropriations.reject(change, by=second, reason="文号不对")
    assert change.status == "rejected"
    assert not change.line.entries.exists()


def test_only_finance_makes_and_approves_documents(who, finance, body):
    given = {"year": 2026, "source": "x", "body": body, "amount": Decimal("1"), "document_number": "1"}
    for username in ("minzheng", "shenji", "jigou"):
        with pytest.raises(NotYours):
            appropriations.grant(by=who(username), **given)
    change = appropriations.grant(by=finance, **given)
    with pytest.raises(NotYours):
        appropriations.approve(change, by=who("minzheng"))


def test_a_second_grant_of_the_same_source_adds_to_the_same_line(finance, second, body):
    first = grant(finance, second, body, "100")
    again = grant(finance, second, body, "50")
    assert first.pk == again.pk
    assert again.amount == 150


def test_more_and_less_change_what_is_free(finance, second, body):
    line = grant(finance, second, body)
    given = {"line": line, "document_number": "2号", "why": "调整"}
    more = appropriations.adjust(by=finance, kind="add", amount=Decimal("200"), **given)
    appropriations.approve(more, by=second)
    less = appropriations.adjust(by=finance, kind="cut", amount=Decimal("700"), **given)
    appropriations.approve(less, by=second)
    line.refresh_from_db()
    assert (line.amount, line.available) == (500, 500)
    with pytest.raises(Invalid, match=r"只剩 500\.00 元可用"):
        appropriations.adjust(by=finance, kind="cut", amount=Decimal("500.01"), **given)
    assert list(ledger.faults()) == []


def test_what_was_reserved_meanwhile_cannot_be_cut(finance, second, body):
    line = grant(finance, second, body)
    less = appropriations.adjust(
        by=finance, kind="cut", amount=Decimal("1000"), line=line, document_number="2", why="x"
    )
    factories.DraftContract(budget_line=line, quota=1)
    with pytest.raises(Exhausted, match="预算不足"):
        appropriations.approve(less, by=second)
    less.refresh_from_db()
    line.refresh_from_db()
    assert (less.status, line.amount, line.available) == ("proposed", 1000, 960)


def test_free_money_goes_to_another_body_of_the_same_source_and_year(finance, second, body):
    line = grant(finance, second, body)
    other = grant(finance, second, Organization.objects.get(code="canlian"), "10")
    given = {"line": line, "amount": Decimal("300"), "document_number": "3号", "why": "调剂"}
    appropriations.approve(appropriations.shift(by=finance, to_line=other, **given), by=second)
    line.refresh_from_db()
    other.refresh_from_db()
    assert (line.amount, other.amount, other.available) == (700, 310, 310)
    for wrong in (line, grant(finance, second, body, source="别的"), grant(finance, second, body, year=2027)):
        with pytest.raises(Invalid) as refusal:
            appropriations.shift(by=finance, to_line=wrong, **given)
        assert "to_line" in refusal.value.fields
    assert list(ledger.faults()) == []


def test_two_shifts_in_opposite_directions_at_once_both_come_through(own_database):
    finance, second = map(factories.actor, ("caizheng", "caizheng2"))
    one = grant(finance, second, Organization.objects.get(code="minzheng"))
    other = grant(finance, second, Organization.objects.get(code="canlian"))
    for _ in range(10):
        there, back = (
            appropriations.shift(
                by=finance, line=a, to_line=b, amount=Decimal("10"), document_number="1", why="x"
            )
            for a, b in ((one, other), (other, one))
        )
        at_once([partial(appropriations.approve, each, by=second) for each in (there, back)])
    one.refresh_from_db()
    assert (one.amount, one.available) == (1000, 1000)
    assert list(ledger.faults()) == []


# --- the end of the year --------------------------------------------------------------


def contract_on(line: BudgetLine, *, until: date, signed: bool = True, quota: int = 100) -> Contract:
    """A contract of ``quota`` × 40 CNY that ends on a day."""
    provider = factories.AccreditedProvider()
    contract = factories.DraftContract(budget_line=line, quota=quota, provider=provider)
    begin = date(moments.today().year, 1, 1)
    Contract.objects.filter(pk=contract.pk).update(start_on=begin, end_on=until)
    if signed:
        contract = signing.sign_as_buyer(
            contract, by=factories.actor("minzheng2"), typed=factories.actor("minzheng2").name
        )
        signing.sign_as_provider(
            contract, by=factories.member_of(provider), typed=factories.member_of(provider).name
        )
        running.follow_the_days()
    contract.refresh_from_db()
    return contract


def deliver(contract: Contract, units: int, on: date) -> None:
    line = contract.lines.get()
    type(line).objects.filter(pk=line.pk).update(reserved=units)
    deliveries.record(line.pk, holder="ZJ-1", units=units, on=on)


def paid(contract: Contract) -> None:
    factories.paid(invoicing.draw_up(by=factories.member_of(contract.provider), contract=contract))


def close(line: BudgetLine, finance, second) -> BudgetLine:
    appropriations.approve(appropriations.close(by=finance, line=line), by=second)
    line.refresh_from_db()
    return line


@pytest.fixture
def year() -> int:
    return moments.today().year


@pytest.fixture
def last_day(year):
    with moments.as_of(at(date(year, 12, 31))):
        yield date(year, 12, 31)


def test_a_year_is_not_closed_before_its_last_day(finance, second, body, year):
    line = grant(finance, second, body, year=year)
    with moments.as_of(at(date(year, 12, 30))), pytest.raises(NotNow, match="12月31日"):
        appropriations.close(by=finance, line=line)
    with moments.as_of(at(date(year, 12, 31))):
        assert close(line, finance, second).closed_on == date(year, 12, 31)


def test_free_money_goes_back_unless_the_rule_carries_the_source(finance, second, body, year, last_day):
    back = close(grant(finance, second, body, year=year), finance, second)
    on = close(grant(finance, second, body, source=f"{LOTTERY}测试", year=year), finance, second)
    assert (back.available, back.returned, back.carried) == (0, 1000, 0)
    assert (on.returned, on.carried) == (1000, 0)
    lottery = grant(finance, second, body, amount="500", source=LOTTERY, year=year)
    free = lottery.available
    lottery = close(lottery, finance, second)
    following = BudgetLine.objects.get(year=year + 1, source=LOTTERY, body=lottery.body)
    assert lottery.returned == 0
    assert following.available == free
    assert following.amount == lottery.carried
    assert list(ledger.faults()) == []


def test_the_rule_says_which_sources_are_carried(finance, second, body, year, last_day):
    factories.rule("budget.year_end", carry_sources=["测试"])
    line = close(grant(finance, second, body, year=year), finance, second)
    assert (line.returned, line.carried) == (0, 1000)
    assert line.changes.get(kind="close").plan["rule"] == 1


def test_what_was_delivered_is_paid_from_its_year_and_the_rest_goes_on(finance, second, body, year, last_day):
    line = grant(finance, second, body, "9000", year=year)
    contract = contract_on(line, until=date(year + 1, 6, 30))
    deliver(contract, 10, last_day - timedelta(days=3))
    line = close(line, finance, second)
    contract.refresh_from_db()
    following = contract.budget_line
    assert following.year == year + 1
    assert (line.committed, line.carried, line.returned) == (400, 3600, 5000)
    assert (following.committed, following.amount) == (3600, 3600)
    with moments.as_of(at(date(year + 1, 1, 20))):
        deliver(contract, 5, date(year + 1, 1, 15))
        paid(contract)
    spent = {earmark.line.year: (earmark.committed, earmark.spent) for earmark in contract.earmarks.all()}
    assert spent == {year: (0, 400), year + 1: (3400, 200)}
    assert list(ledger.faults()) == []


def test_a_contract_that_ends_with_the_year_keeps_its_money_until_it_is_settled(
    finance, second, body, year, last_day
):
    line = grant(finance, second, body, "9000", year=year)
    contract = contract_on(line, until=last_day)
    deliver(contract, 10, last_day)
    line = close(line, finance, second)
    assert (line.committed, line.carried) == (4000, 0)
    with moments.as_of(at(date(year + 1, 1, 20))):
        running.follow_the_days()
        paid(contract)
        contract.refresh_from_db()
        running.settle(contract, by=finance)
    line.refresh_from_db()
    assert (line.committed, line.spent, line.available, line.returned) == (0, 400, 0, 8600)
    assert list(ledger.faults()) == []


def test_a_draft_loses_its_reservation_and_is_secured_anew_when_it_is_signed(
    finance, second, body, year, last_day, who
):
    line = grant(finance, second, body, "9000", year=year)
    contract = contract_on(line, until=date(year + 1, 6, 30), signed=False)
    line = close(line, finance, second)
    assert (line.reserved, line.returned) == (0, 9000)
    contract.refresh_from_db()
    with pytest.raises(Exhausted, match="预算不足"):
        signing.sign_as_buyer(contract, by=who("minzheng2"), typed=who("minzheng2").name)
    grant(finance, second, body, "4000", year=year + 1)
    contract = signing.sign_as_buyer(contract, by=who("minzheng2"), typed=who("minzheng2").name)
    assert {earmark.line.year: earmark.reserved for earmark in contract.earmarks.all()} == {
        year: 0,
        year + 1: 4000,
    }
    assert list(ledger.faults()) == []


def test_a_closed_line_takes_nothing_new(finance, second, body, year, last_day):
    line = close(grant(finance, second, body, year=year), finance, second)
    for refused in (
        lambda: grant(finance, second, body, year=year),
        lambda: appropriations.close(by=finance, line=line),
        lambda: appropriations.adjust(
            by=finance, line=line, kind="add", amount=Decimal(1), document_number="1", why="x"
        ),
    ):
        with pytest.raises(Invalid, match="已经结转"):
            refused()
    with pytest.raises(Exhausted):
        factories.DraftContract(budget_line=line)


def test_nobody_approves_a_year_end_that_nobody_has_seen(finance, second, body, year, last_day):
    line = grant(finance, second, body, "9000", year=year)
    change = appropriations.close(by=finance, line=line)
    factories.DraftContract(budget_line=line)
    with pytest.raises(NotNow, match="账目有变动"):
        appropriations.approve(change, by=second)
    line.refresh_from_db()
    assert (line.closed_on, line.available) == (None, 5000)


def test_a_year_end_waits_for_documents_that_wait(finance, body, year, last_day):
    change = appropriations.grant(
        by=finance, year=year, source="测试", body=body, amount=Decimal(1), document_number="1"
    )
    with pytest.raises(NotNow, match="等复核"):
        appropriations.close(by=finance, line=change.line)


def test_a_year_end_and_reservations_at_once_wait_for_one_another(own_database):
    year = moments.today().year
    finance, second, officer = map(factories.actor, ("caizheng", "caizheng2", "minzheng"))
    body = Organization.objects.get(code="minzheng")
    items = [Item.objects.in_force().get(code=code) for code in ("C02.03", "D02.01")]
    for turn in range(4):
        line = grant(finance, second, body, "90000", source=f"并发{turn}", year=year)
        contracts = [factories.DirectContract(budget_line=line, quota=10, code="A02.01") for _ in range(3)]

        def end(line=line):
            with moments.as_of(at(date(year, 12, 31))):
                change = appropriations.close(by=finance, line=line)
                return appropriations.approve(change, by=second)

        def add(contract, item):
            return signing.add_line(contract, by=officer, item=item, unit_price=Decimal("5"), quota=3)

        at_once([end, *(partial(add, c, i) for c in contracts for i in items)])
        assert list(ledger.faults()) == []


# --- pages and API --------------------------------------------------------------------


def test_finance_grants_and_approves_by_the_pages(client_of, body):
    sent = {
        "year": "2026",
        "source": "页面测试",
        "body": body.pk,
        "amount": "1,200.50元",
        "document_number": "澄财社〔2026〕9号",
        "key": "k1",
    }
    answer = client_of("caizheng").post(reverse("budget-change-new-grant"), sent, follow=True)
    address = answer.redirect_chain[-1][0]
    assert "等待复核" in client_of("caizheng2").get("/budgets/").content.decode()
    assert client_of("caizheng2").post(f"{address}approve/", {"key": "k2"}).status_code == 302
    line = BudgetLine.objects.get(source="页面测试")
    assert line.available == Decimal("1200.50")
    assert "页面测试" in client_of("shenji").get(line.get_absolute_url()).content.decode()


def test_bad_input_is_shown_at_its_field_and_keeps_what_was_typed(client_of):
    line = factories.Budget()
    sent = {"line": line.pk, "kind": "cut", "amount": "99999999", "document_number": "8号", "why": "x"}
    answer = client_of("caizheng").post(reverse("budget-change-new-adjust"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "元可用" in page
    assert 'value="8号"' in page


def test_the_api_grants_approves_and_shows_the_entries(api_of, body):
    api, other = api_of("caizheng"), api_of("caizheng2")
    made = api.post(
        "/api/v1/budget-changes/grant",
        {"year": 2026, "source": "接口", "body": body.pk, "amount": "50.00", "document_number": "1号"},
        format="json",
    )
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert api.post(f"/api/v1/budget-changes/{pk}/approve", {}, format="json").status_code == 403
    assert other.post(f"/api/v1/budget-changes/{pk}/approve", {}, format="json").status_code == 200
    found = api.get("/api/v1/ledger-entries", {"change": pk}).json()["results"]
    assert [(each["credit"], each["debit"], each["amount"]) for each in found] == [
        ("granted", "available", "50.00")
    ]


def test_the_total_of_an_account_of_all_lines_is_that_of_their_columns(client_of):
    factories.Budget()
    factories.Budget(amount=Decimal("70"))
    entered = ledger.total(ledger.behind("available"))
    assert entered > 70
    client = client_of("caizheng")
    client.get("/ledger/?account=available")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/ledger/?account=available").content.decode()
    assert money(entered) in page
    summing = [query["sql"] for query in asked if "SUM(" in query["sql"]]
    assert [LedgerEntry._meta.db_table in statement for statement in summing] == [False]


@pytest.mark.parametrize("query", ["line=0", "line=x", "line=" + "9" * 30, "account=nothing", "change=0"])
def test_an_address_of_the_ledger_that_is_wrong_is_not_found(client_of, query):
    assert client_of("caizheng").get(f"/ledger/?{query}").status_code == 404


def test_the_second_person_is_told_of_a_proposal_and_its_maker_is_not(finance, second, body):
    change = appropriations.grant(
        by=finance, year=2026, source="测试", body=body, amount=Decimal("500"), document_number="1号"
    )
    told = Notice.objects.filter(lifecycle=change._meta.label, object_id=change.pk)
    assert told.visible_to(second).count() == 1
    assert not told.visible_to(finance).exists()
    appropriations.approve(change, by=second)
    assert (told.visible_to(second).count(), told.visible_to(finance).count()) == (1, 1)
