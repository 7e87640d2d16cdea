"""A contract in use: warned before it runs out, checked before it is paid, paid back if wrong."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from contracts.budgets import ledger
from contracts.contracts import quota, running, warning
from contracts.contracts.models import Contract, ContractLine
from contracts.invoices import clawing_back, deliveries, invoicing, sampling
from contracts.invoices.models import Invoice
from foundation import moments
from foundation.inbox.models import Notice
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.rules import reading
from foundation.work_items.models import WorkItem
from organizations.people.models import User
from tests import factories
from tests.steps import steps_for


def delivered(contract, *units: int) -> None:
    """One delivery for each number of units, today."""
    line = contract.lines.get()
    for number, each in enumerate(units):
        quota.reserve(line.pk, each)
        deliveries.record(line.pk, each, holder=f"ZJ-{number}", on=moments.today())


def drawn_up(contract) -> Invoice:
    return invoicing.draw_up(by=factories.member_of(contract.provider), contract=contract)


# --- before the quota runs out ----------------------------------------------------------


def test_both_sides_are_warned_once_at_each_share():
    contract = factories.ContractInForce(quota=100)
    line = contract.lines.get()
    told = Notice.objects.filter(object_id=contract.pk, texts__icontains="已用到")

    quota.reserve(line.pk, 79)
    assert not told.exists()
    quota.reserve(line.pk, 1)
    assert sorted(told.values_list("role", flat=True)) == ["civil_affairs", "coordinator"]
    assert "已用到 80%，还剩 20" in told.first().text
    quota.reserve(line.pk, 14)
    assert told.count() == 2
    quota.reserve(line.pk, 1)
    assert told.count() == 4
    quota.release(line.pk, 30)
    quota.reserve(line.pk, 30)
    assert told.count() == 4
    assert told.filter(role="coordinator").first().organization_id == contract.provider.organization_id


def test_a_share_that_is_jumped_over_is_told_as_the_highest():
    contract = factories.ContractInForce(quota=10)
    quota.reserve(contract.lines.get().pk, 10)
    assert Notice.objects.filter(object_id=contract.pk, texts__icontains="已用到 100%").count() == 2
    assert contract.lines.get().warned == 95


def test_the_forecast_follows_the_pace_of_the_last_days():
    contract = factories.ContractInForce(quota=100)
    delivered(contract, 5, 5)
    days = reading.current("quota.forecast").value["days"]
    line = ContractLine.objects.select_related("contract").get(contract=contract)
    found = warning.forecasts([line])[line.pk]
    assert found.runs_out_on == moments.today() + timedelta(days=90 * days // 10)
    assert not found.before_the_end
    delivered(contract, 40, 30)
    line.refresh_from_db()
    soon = warning.forecasts([line])[line.pk]
    assert soon.runs_out_on == moments.today() + timedelta(days=23)
    assert soon.before_the_end


def test_without_deliveries_there_is_no_forecast(django_assert_num_queries):
    lines = [factories.ContractInForce().lines.get() for _ in range(3)]
    with django_assert_num_queries(2):  # the rule, and the pace of all of them
        found = warning.forecasts(lines)
    assert {each.runs_out_on for each in found.values()} == {None}


# --- the sample -------------------------------------------------------------------------


def test_the_sample_can_be_drawn_again_by_its_seed():
    contract = factories.ContractInForce(quota=400)
    delivered(contract, *[1] * 90)
    invoice = drawn_up(contract)
    keys = list(invoice.deliveries.values_list("pk", flat=True))
    again = sampling.drawn_by(invoice.sample_seed, keys, 5)
    assert list(invoice.samples.order_by("pk").values_list("delivery", flat=True)) == again
    assert sampling.drawn_by("another", keys, 5) != again


@pytest.mark.parametrize(("claimed", "size"), [(1, 1), (3, 3), (10, 3), (90, 5)])
def test_the_size_of_the_sample_follows_the_rule(claimed, size):
    contract = factories.ContractInForce(quota=400)
    delivered(contract, *[1] * claimed)
    assert drawn_up(contract).samples.count() == size


def test_the_page_and_the_workbench_offer_the_check_first_and_then_the_acceptance(who):
    contract = factories.ContractInForce()
    delivered(contract, 1)
    invoice, officer = drawn_up(contract), who("minzheng")
    assert steps_for(officer, invoice) == {"check"}
    assert [each.name for each in invoice.transitions_for(officer)] == ["check", "return"]
    invoice = factories.checked(invoice)
    assert steps_for(officer, invoice) == {"accept_work"}
    assert [each.name for each in invoice.transitions_for(officer)] == ["accept_work", "return"]


def test_work_is_not_accepted_while_a_sampled_visit_is_unchecked(who):
    contract = factories.ContractInForce()
    delivered(contract, 1, 1)
    invoice = drawn_up(contract)
    with pytest.raises(Refused, match="还有 2 次抽查"):
        invoicing.accept_work(invoice, by=who("minzheng"))


def checks(invoice, who, finding: str, found: int, nth: int = 0) -> Invoice:
    return sampling.check(
        invoice,
        by=who("minzheng"),
        sample=invoice.samples.all()[nth],
        finding=finding,
        found=found,
        how="home",
        note="",
    )


@pytest.mark.parametrize(
    ("finding", "found"), [("confirmed", 3), ("partly", 0), ("partly", 4), ("not_found", 1)]
)
def test_units_that_do_not_go_with_the_finding_are_refused_at_the_field(who, finding, found):
    contract = factories.ContractInForce()
    delivered(contract, 4)
    invoice = drawn_up(contract)
    with pytest.raises(Invalid) as refusal:
        checks(invoice, who, finding, found)
    assert "found" in refusal.value.fields
    assert invoice.samples.get().finding == ""


def test_a_check_is_made_once_and_only_of_the_invoices_own_sample(who):
    contract, other = factories.ContractInForce(), factories.ContractInForce()
    delivered(contract, 4)
    delivered(other, 4)
    invoice, another = drawn_up(contract), drawn_up(other)
    checks(invoice, who, "confirmed", 4)
    with pytest.raises(NotNow, match="已经登记"):
        checks(invoice, who, "not_found", 0)
    with pytest.raises(Invalid, match="不在本单"):
        sampling.check(
            another,
            by=who("minzheng"),
            sample=invoice.samples.get(),
            finding="confirmed",
            found=4,
            how="call",
            note="",
        )


def test_what_was_not_found_is_struck_and_the_line_has_it_again(who):
    contract = factories.ContractInForce(quota=200)
    delivered(contract, *[2] * 5)
    invoice = drawn_up(contract)
    samples = invoice.samples.count()
    assert (samples, invoice.amount) == (3, 400)
    version = factories.rule("acceptance.sample", most_failed=40)
    assert version.status == "in_force"
    checks(invoice, who, "partly", 1, 0)
    checks(invoice, who, "confirmed", 2, 1)
    checks(invoice, who, "confirmed", 2, 2)
    invoice = invoicing.accept_work(invoice, by=who("minzheng"))
    assert (invoice.amount, invoice.payable) == (360, 360)
    assert contract.lines.get().used == 9
    invoice = invoicing.approve(invoicing.endorse(invoice, by=who("minzheng2")), by=who("caizheng"))
    contract.refresh_from_db()
    assert contract.spent == 360
    assert list(ledger.faults()) == []


def test_too_many_that_were_not_found_send_the_invoice_back(who):
    contract = factories.ContractInForce()
    delivered(contract, 2, 2, 2)
    invoice = drawn_up(contract)
    checks(invoice, who, "not_found", 0, 0)
    checks(invoice, who, "confirmed", 2, 1)
    checks(invoice, who, "confirmed", 2, 2)
    with pytest.raises(Refused, match="3 次，1 次不属实"):
        invoicing.accept_work(invoice, by=who("minzheng"))
    invoice = invoicing.send_back(invoice, by=who("minzheng"), reason="请自查")
    assert invoice.status == "returned"
    assert contract.lines.get().used == 6


def test_the_second_person_may_send_it_back_too(who):
    contract = factories.ContractInForce()
    delivered(contract, 2)
    invoice = invoicing.accept_work(factories.checked(drawn_up(contract)), by=who("minzheng"))
    invoice = invoicing.send_back(invoice, by=who("minzheng2"), reason="单价有误")
    assert invoice.status == "returned"
    assert not invoice.deliveries.exists()


def test_a_returned_invoice_waits_for_the_provider_until_a_new_one_replaces_it(who, client):
    contract = factories.ContractInForce()
    delivered(contract, 2)
    provider = factories.member_of(contract.provider)
    invoice = invoicing.draw_up(by=provider, contract=contract)
    invoice = invoicing.send_back(invoice, by=who("minzheng2"), reason="单价有误")
    (item,) = WorkItem.objects.filter(lifecycle="contracts.Invoice", object_id=invoice.pk, waits=True)
    assert (item.step, item.organization_id) == ("draw_up_anew", contract.provider.organization_id)
    client.force_login(User.objects.get(pk=provider.user_id))
    page = client.get(item.address).content.decode()
    assert f'href="{invoice.address_anew}"' in page
    assert client.get(invoice.address_anew).status_code == 200
    invoicing.draw_up(by=provider, contract=contract)
    assert not WorkItem.objects.filter(lifecycle="contracts.Invoice", object_id=invoice.pk).exists()
    assert invoice.address_anew not in client.get(item.address).content.decode()


def test_of_two_open_invoices_each_is_replaced_by_what_is_claimed_after_its_return(who):
    contract = factories.ContractInForce()
    Contract.objects.filter(pk=contract.pk).update(billing="any_time")
    provider = factories.member_of(contract.provider)

    def waiting() -> set[int]:
        items = WorkItem.objects.filter(lifecycle="contracts.Invoice", step="draw_up_anew", waits=True)
        return set(items.values_list("object_id", flat=True))

    delivered(contract, 2)
    older = invoicing.draw_up(by=provider, contract=contract)
    delivered(contract, 3)
    newer = invoicing.draw_up(by=provider, contract=contract)
    invoicing.send_back(older, by=who("minzheng2"), reason="单价有误")
    assert waiting() == {older.pk}
    again = invoicing.draw_up(by=provider, contract=contract)
    assert (waiting(), list(again.replaces.all())) == (set(), [older])
    invoicing.send_back(newer, by=who("minzheng2"), reason="单价有误")
    assert waiting() == {newer.pk}


def test_the_page_shows_the_sample_and_takes_a_finding(who, client_of):
    contract = factories.ContractInForce()
    delivered(contract, 2)
    invoice = drawn_up(contract)
    client = client_of("minzheng")
    page = client.get(invoice.get_absolute_url()).content.decode()
    assert invoice.sample_seed in page
    assert "待核实" in page
    sent = {"sample": invoice.samples.get().pk, "finding": "confirmed", "how": "call", "key": "k"}
    wrong = client.post(f"{invoice.get_absolute_url()}check/", {**sent, "found": "3"})
    assert wrong.status_code == 422
    assert "对不上" in wrong.content.decode()
    client.post(f"{invoice.get_absolute_url()}check/", {**sent, "found": "2"})
    assert "属实" in client.get(invoice.get_absolute_url()).content.decode()


# --- claw-back --------------------------------------------------------------------------


def paid_contract(units: int = 10):
    contract = factories.ContractInForce()
    delivered(contract, units)
    invoice = factories.paid(drawn_up(contract))
    contract.refresh_from_db()
    return contract, invoice


def test_what_was_overpaid_comes_back_and_may_be_spent_again(who):
    contract, invoice = paid_contract()
    claim = clawing_back.demand(
        by=who("minzheng"), invoice=invoice, amount=Decimal("150"), why="回访发现两次没有上门"
    )
    told = Notice.objects.filter(role="coordinator", texts__icontains="要求退回")
    assert told.get().organization_id == contract.provider.organization_id
    with pytest.raises(NotYours):
        clawing_back.receive(claim, by=who("minzheng"))
    claim = clawing_back.receive(claim, by=who("caizheng"))
    contract.refresh_from_db()
    contract.budget_line.refresh_from_db()
    assert (claim.status, contract.spent) == ("received", 250)
    assert (contract.budget_line.spent, contract.budget_line.committed) == (250, 3750)
    assert list(ledger.faults()) == []


def test_no_more_is_claimed_back_than_was_paid(who):
    _contract, invoice = paid_contract()
    given = {"by": who("minzheng"), "invoice": invoice, "why": "x"}
    first = clawing_back.demand(amount=Decimal("300"), **given)
    with pytest.raises(Invalid, match=r"最多还能追回 100\.00"):
        clawing_back.demand(amount=Decimal("100.01"), **given)
    clawing_back.waive(first, by=who("minzheng"), reason="核实后属实")
    assert clawing_back.demand(amount=Decimal("400"), **given).status == "demanded"


def test_nothing_is_claimed_back_before_it_is_paid(who):
    contract = factories.ContractInForce()
    delivered(contract, 1)
    with pytest.raises(Invalid) as refusal:
        clawing_back.demand(by=who("minzheng"), invoice=drawn_up(contract), amount=Decimal("1"), why="x")
    assert "invoice" in refusal.value.fields


def test_after_the_settlement_what_comes_back_is_free(who):
    contract, invoice = paid_contract()
    contract = running.terminate(contract, by=who("minzheng"), reason="协商")
    running.settle(contract, by=who("caizheng"))
    claim = clawing_back.demand(by=who("minzheng"), invoice=invoice, amount=Decimal("400"), why="审计发现")
    clawing_back.receive(claim, by=who("caizheng"))
    line = contract.budget_line
    line.refresh_from_db()
    assert (line.available, line.spent, line.committed) == (line.amount, 0, 0)
    assert list(ledger.faults()) == []


def test_the_provider_sees_what_is_claimed_back_and_others_do_not(who, client_of, client):
    contract, invoice = paid_contract()
    claim = clawing_back.demand(by=who("minzheng"), invoice=invoice, amount=Decimal("1"), why="重复计费")
    client.force_login(factories.user_of(contract.provider))
    assert "重复计费" in client.get(claim.get_absolute_url()).content.decode()
    assert client_of("jigou").get(claim.get_absolute_url()).status_code == 404
