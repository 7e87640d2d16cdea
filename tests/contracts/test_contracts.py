"""A contract: money first, two signatures, units reserved and used, invoices from deliveries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.items.models import Item
from contracts.amendments import amending
from contracts.contracts import quota, running, signing
from contracts.contracts.models import Contract, ContractLine
from contracts.invoices import deliveries, invoicing, sampling
from contracts.invoices.models import Delivery, Invoice
from foundation import moments
from foundation.inbox.models import Notice
from foundation.refusals import Exhausted, Invalid, NotNow, NotYours, Refused
from foundation.roles import SYSTEM, Role
from foundation.work_items.models import WorkItem
from organizations.providers import standing
from tests import factories
from tests.racing import at_once, refused


def test_a_draft_reserves_its_money_and_a_signature_binds_it():
    contract = factories.DraftContract(quota=100, unit_price=Decimal("40"))
    line = contract.budget_line
    line.refresh_from_db()
    assert (line.available, line.reserved) == (96000, 4000)
    contract = signing.sign_as_buyer(
        contract, by=factories.actor("minzheng2"), typed=factories.actor("minzheng2").name
    )
    contract = signing.sign_as_provider(
        contract, by=factories.member_of(contract.provider), typed=factories.member_of(contract.provider).name
    )
    line.refresh_from_db()
    assert (line.reserved, line.committed) == (0, 4000)


def test_budget_comes_before_purchase():
    budget = factories.Budget(amount=Decimal("3999.99"))
    with pytest.raises(Exhausted, match="预算不足"):
        factories.DraftContract(budget_line=budget, quota=100, unit_price=Decimal("40"))
    assert not Contract.objects.filter(budget_line=budget).exists()


def test_a_contract_that_is_not_signed_gives_its_money_back(who):
    contract = factories.DraftContract()
    signing.cancel(contract, by=who("minzheng2"), reason="重新采购")
    contract.budget_line.refresh_from_db()
    assert contract.budget_line.available == contract.budget_line.amount


def test_what_not_both_have_signed_is_told_apart_from_a_contract_that_was_ended(who, client):
    contract, signed = factories.DraftContract(), factories.ContractInForce()
    contract = signing.cancel(contract, by=who("minzheng2"), reason="重新采购")
    signed = running.terminate(signed, by=who("minzheng"), reason="违约")
    assert (contract.status, signed.status) == ("dropped", "terminated")
    assert not contract.transitions_for(who("caizheng"))
    for each, shown in ((contract, False), (signed, True)):
        code = each.provider.organization.code
        page = client.get(reverse("public-provider", args=[code])).content.decode()
        assert (each.title in page) == shown


@pytest.mark.parametrize(
    "given_,field", [({"unit_price": Decimal("72.01")}, "unit_price"), ({"code": "E01.03"}, "item")]
)
def test_a_line_over_the_ceiling_or_not_for_sale_is_refused_at_its_field(given_, field):
    with pytest.raises(Invalid) as refusal:
        factories.DraftContract(**given_)
    assert field in refusal.value.fields


def test_dates_in_the_wrong_order_or_beyond_three_years_are_refused(who):
    provider, budget = factories.AccreditedProvider(), factories.Budget()
    today = moments.today()
    for end in (today, today - timedelta(days=1), today + timedelta(days=366 * 3 + 1)):
        with pytest.raises(Invalid) as refusal:
            signing.draft(
                by=who("minzheng"),
                title="x",
                provider=provider,
                budget_line=budget,
                method="commission",
                start_on=today,
                end_on=end,
                item=Item.objects.in_force().get(code="C02.03"),
                unit_price=Decimal("40"),
                quota=1,
            )
        assert "end_on" in refusal.value.fields


def test_a_provider_that_is_not_accredited_signs_nothing(who):
    provider = factories.AccreditedProvider()
    standing.suspend(provider, by=who("minzheng"), reason="整改")
    provider.refresh_from_db()
    with pytest.raises(Invalid) as refusal:
        factories.DraftContract(provider=provider)
    assert "provider" in refusal.value.fields


def test_nobody_is_awaited_to_sign_with_a_suspended_provider_until_it_resumes(who, client_of):
    contract = factories.DraftContract()
    items = WorkItem.objects.filter(lifecycle="contracts.Contract", object_id=contract.pk, waits=True)
    assert {item.step for item in items.all()} == {"sign_as_buyer"}
    provider = standing.suspend(contract.provider, by=who("minzheng"), reason="整改")
    assert {item.step for item in items.all()} == {"cancel"}
    contract = Contract.objects.get(pk=contract.pk)
    assert "sign_as_buyer" not in [row.name for row in contract.transitions_for(who("minzheng2"))]
    for address in (contract.get_absolute_url(), f"{contract.get_absolute_url()}sign-as-buyer/"):
        assert "，不能签约。" in client_of("minzheng2").get(address).content.decode()
    with pytest.raises(NotNow, match="不能签约"):
        signing.sign_as_buyer(contract, by=who("minzheng2"), typed=who("minzheng2").name)
    standing.resume(provider, by=who("minzheng"), reason="改好了")
    assert {item.step for item in items.all()} == {"sign_as_buyer"}


def test_whoever_drafted_reads_on_the_page_that_another_person_must_sign(client_of):
    contract = factories.DraftContract()
    page = client_of("minzheng").get(contract.get_absolute_url()).content.decode()
    assert "须由另一人办理" in page
    assert "须由另一人办理" not in client_of("minzheng2").get(contract.get_absolute_url()).content.decode()


def test_the_page_of_a_step_says_beforehand_that_another_person_must_follow(client_of):
    contract = factories.DraftContract()
    page = client_of("minzheng").get(f"{contract.get_absolute_url()}set-terms/").content.decode()
    assert "要由另一人办理" in page
    assert "购买方签署" in page


def test_the_other_side_signs_for_itself(who):
    contract = factories.DraftContract()
    with pytest.raises(NotYours):
        signing.sign_as_buyer(
            contract,
            by=factories.member_of(contract.provider),
            typed=factories.member_of(contract.provider).name,
        )
    contract = signing.sign_as_buyer(contract, by=who("minzheng2"), typed=who("minzheng2").name)
    with pytest.raises(NotYours):
        signing.sign_as_provider(contract, by=who("jigou"), typed=who("jigou").name)


def test_a_contract_takes_effect_and_ends_by_its_days():
    contract = factories.ContractInForce()
    assert contract.status == "in_force"
    with moments.as_of(moments.now() + timedelta(days=302)):
        running.follow_the_days()
    contract.refresh_from_db()
    assert contract.status == "completed"


# --- quota ------------------------------------------------------------------------------


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(st.tuples(st.sampled_from(["reserve", "use", "release"]), st.integers(1, 12)), max_size=30)
)
def test_whatever_happens_quota_is_neither_negative_nor_exceeded(db, acts):
    line = factories.ContractInForce(quota=20).lines.get()
    reserved = used = 0
    for name, units in acts:
        try:
            with transaction.atomic():
                getattr(quota, name)(line.pk, units)
        except Exhausted:
            allowed = {
                "reserve": reserved + used + units <= 20,
                "use": units <= reserved,
                "release": units <= reserved,
            }
            assert not allowed[name]
            continue
        reserved += {"reserve": units, "use": -units, "release": -units}[name]
        used += units if name == "use" else 0
        line.refresh_from_db()
        assert (line.reserved, line.used) == (reserved, used)
        assert 0 <= line.left <= 20


def test_the_database_refuses_more_than_the_quota():
    line = factories.ContractInForce(quota=20).lines.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ContractLine.objects.filter(pk=line.pk).update(reserved=21)


def test_ten_acceptances_at_once_against_five_places_of_quota(own_database):
    line = factories.ContractInForce(quota=5).lines.get()
    assert refused(at_once([lambda: quota.reserve(line.pk, 1)] * 10), Exhausted) == 5
    line.refresh_from_db()
    assert (line.reserved, line.left) == (5, 0)


def test_a_line_of_a_contract_not_in_force_reserves_nothing():
    line = factories.DraftContract(quota=20).lines.get()
    with pytest.raises(Exhausted):
        quota.reserve(line.pk, 1)


# --- invoices ---------------------------------------------------------------------------


def delivered(contract: Contract, units: int = 3) -> Delivery:
    line = contract.lines.get()
    quota.reserve(line.pk, units)
    return deliveries.record(line.pk, units, holder="ZJ-1", on=moments.today())


def test_an_invoice_claims_what_was_delivered_and_each_unit_once():
    contract = factories.ContractInForce()
    delivered(contract, 3)
    coordinator = factories.member_of(contract.provider)
    invoice = invoicing.draw_up(by=coordinator, contract=contract)
    assert (invoice.amount, invoice.payable) == (120, 120)
    with pytest.raises(Invalid, match="没有待结算"):
        invoicing.draw_up(by=coordinator, contract=contract)


def test_the_payment_share_of_the_contract_applies_and_is_rounded_to_the_fen():
    contract = factories.ContractInForce(unit_price=Decimal("33.33"))
    running.payment_share_published(contract.provider_id, Decimal("0.80"))
    delivered(contract, 1)
    invoice = invoicing.draw_up(by=factories.member_of(contract.provider), contract=contract)
    assert (invoice.amount, invoice.payable) == (Decimal("33.33"), Decimal("26.66"))


def test_a_returned_invoice_frees_its_deliveries(who):
    contract = factories.ContractInForce()
    delivery = delivered(contract)
    coordinator = factories.member_of(contract.provider)
    invoice = invoicing.draw_up(by=coordinator, contract=contract)
    invoicing.send_back(invoice, by=who("minzheng"), reason="缺少确认")
    delivery.refresh_from_db()
    assert delivery.invoice_id is None
    told = Notice.objects.filter(lifecycle="contracts.Invoice", object_id=invoice.pk, role=Role.COORDINATOR)
    assert [notice.organization_id for notice in told] == [contract.provider.organization_id]
    assert "缺少确认" not in told.get().text
    assert invoicing.draw_up(by=coordinator, contract=contract).number != invoice.number


def test_finance_pays_from_what_is_bound_and_the_buyer_cannot(who):
    contract = factories.ContractInForce()
    delivered(contract, 3)
    invoice = invoicing.draw_up(by=factories.member_of(contract.provider), contract=contract)
    invoice = invoicing.accept_work(factories.checked(invoice), by=who("minzheng"))
    with pytest.raises(NotYours, match="另一人"):
        invoicing.endorse(invoice, by=who("minzheng"))
    with pytest.raises(NotNow):
        invoicing.approve(invoice, by=who("caizheng"))
    invoice = invoicing.endorse(invoice, by=who("minzheng2"))
    with pytest.raises(NotYours):
        invoicing.approve(invoice, by=who("minzheng"))
    invoice = invoicing.approve(invoice, by=who("caizheng"))
    contract.refresh_from_db()
    contract.budget_line.refresh_from_db()
    assert (invoice.status, contract.spent) == ("paid", 120)
    assert (contract.budget_line.committed, contract.budget_line.spent) == (3880, 120)


def test_settlement_waits_for_open_invoices_and_releases_the_rest(who):
    contract = factories.ContractInForce()
    delivered(contract, 3)
    contract = running.terminate(contract, by=who("minzheng"), reason="协商一致")
    with pytest.raises(Refused, match="没有结算"):
        running.settle(contract, by=who("caizheng"))
    invoice = invoicing.draw_up(by=factories.member_of(contract.provider), contract=contract)
    with pytest.raises(Refused, match="1 张结算单"):
        running.settle(contract, by=who("caizheng"))
    factories.paid(invoice)
    contract = running.settle(Contract.objects.get(pk=contract.pk), by=who("caizheng"))
    contract.budget_line.refresh_from_db()
    assert contract.status == "settled"
    assert (contract.budget_line.available, contract.budget_line.committed) == (99880, 0)


def test_only_the_clock_completes_a_contract(who):
    contract = factories.ContractInForce()
    with pytest.raises(NotYours):
        running.complete(contract, by=who("minzheng"))
    assert running.complete(contract, by=SYSTEM).status == "completed"


def test_providers_see_their_own_contracts_and_no_drafts(who):
    contract = factories.DraftContract()
    coordinator = factories.member_of(contract.provider)
    assert not Contract.objects.visible_to(coordinator).exists()
    signing.sign_as_buyer(contract, by=who("minzheng2"), typed=who("minzheng2").name)
    assert Contract.objects.visible_to(coordinator).get() == contract
    assert not Invoice.objects.visible_to(who("chuangkou")).exists()


# --- without a purchase -----------------------------------------------------------------

COMPETED = ("open", "invited", "negotiation", "consultation", "inquiry", "single", "framework")


@pytest.mark.parametrize("method", COMPETED)
def test_what_is_competed_for_comes_out_of_a_purchase_at_every_door(method, client_of, api_of):
    provider, budget = factories.AccreditedProvider(), factories.Budget()
    item, today = Item.objects.in_force().get(code="D02.01"), moments.today()
    fields = {
        "title": "x",
        "start_on": today,
        "end_on": today + timedelta(days=300),
        "unit_price": Decimal("40"),
        "quota": 10,
        "method": method,
    }
    with pytest.raises(Invalid) as refusal:
        signing.draft(
            by=factories.actor("minzheng"), provider=provider, budget_line=budget, item=item, **fields
        )
    assert "method" in refusal.value.fields
    sent = {**fields, "provider": provider.pk, "budget_line": budget.pk, "item": item.pk}
    page = client_of("minzheng").post("/contracts/new/draft/", {**sent, "key": "k"})
    assert page.status_code == 422
    answer = api_of("minzheng").post(
        "/api/v1/contracts/draft", {k: str(v) for k, v in sent.items()}, format="json"
    )
    assert answer.status_code == 400 or answer.status_code == 422, answer.content
    assert "method" in answer.json()["errors"]
    assert api_of("minzheng").post("/api/v1/contracts/draft_awarded", {}).status_code in (404, 405)
    assert not Contract.objects.filter(provider=provider).exists()


def test_the_database_holds_contracts_to_their_award():
    contract = factories.DraftContract()
    line = contract.lines.get()
    tries = [
        lambda: Contract.objects.filter(pk=contract.pk).update(amount=Decimal("4000.01")),
        lambda: Contract.objects.filter(pk=contract.pk).update(awarded_amount=Decimal("9999")),
        lambda: Contract.objects.filter(pk=contract.pk).update(purchase=""),
        lambda: ContractLine.objects.filter(pk=line.pk).update(unit_price=Decimal("41")),
        lambda: ContractLine.objects.filter(pk=line.pk).update(quota=101),
        lambda: ContractLine.objects.create(
            contract=contract, item=Item.objects.in_force().get(code="C02.03"), unit_price=1, quota=1
        ),
    ]
    for act in tries:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    with pytest.raises(DatabaseError), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(provider=factories.AccreditedProvider())


def test_a_renewal_is_for_what_was_awarded_and_without_a_purchase_there_is_none():
    contract = factories.ContractInForce(quota=100)
    begin = contract.end_on + timedelta(days=1)
    given = {
        "by": factories.actor("minzheng"),
        "budget_line": contract.budget_line,
        "start_on": begin,
        "end_on": begin + timedelta(days=200),
    }
    following = signing.renew(contract=contract, **given)
    assert (following.purchase, following.awarded_amount) == (contract.purchase, 4000)
    with pytest.raises(NotNow, match="成交结果为准"):
        signing.add_line(
            following,
            by=given["by"],
            item=Item.objects.in_force().get(code="C02.03"),
            unit_price=Decimal("1"),
            quota=1,
        )


def test_direct_contracts_of_a_year_are_added_up_by_provider_and_by_item():
    factories.rule("procurement.thresholds", open_from=4000000, small_below=10000)
    line, provider = factories.Budget(), factories.AccreditedProvider()
    factories.DirectContract(budget_line=line, provider=provider, quota=150)
    with pytest.raises(Invalid, match=r"合计 10,000\.00 元"):
        factories.DirectContract(budget_line=line, provider=provider, code="D02.01", quota=100)
    with pytest.raises(Invalid, match=r"C02\.03"):
        factories.DirectContract(budget_line=line, quota=100)
    other = factories.Budget(year=moments.today().year + 1)
    assert factories.DirectContract(budget_line=other, provider=provider, quota=200).pk
    small = factories.DirectContract(budget_line=line, quota=99)
    assert small.amount == 3960
    signing.cancel(small, by=factories.actor("minzheng"), reason="不用了")
    assert factories.DirectContract(budget_line=line, quota=90).pk


def test_an_agreement_does_not_carry_direct_contracts_over_the_limit():
    factories.rule("procurement.thresholds", open_from=4000000, small_below=10000)
    contract = factories.signed(factories.DirectContract(quota=240))
    with pytest.raises(Invalid, match="不经采购"):
        amending.propose(
            by=factories.actor("minzheng"), contract=contract, why="x", quotas={contract.lines.get().pk: 250}
        )


def test_nobody_checks_accepts_or_pays_the_own_claim_in_whatever_role():
    contract = factories.ContractInForce()
    line, member = contract.lines.get(), factories.member_of(contract.provider)
    quota.reserve(line.pk, 4)
    deliveries.record(line.pk, 4, holder="ZJ-1", on=moments.today(), by=member)
    invoice = invoicing.draw_up(by=member, contract=contract)
    as_buyer = replace(factories.actor("minzheng"), user_id=member.user_id)
    sample = invoice.samples.first()
    with pytest.raises(NotYours):
        sampling.check(invoice, by=as_buyer, sample=sample, finding="confirmed", found=4, how="call", note="")
    invoice = factories.checked(invoice)
    with pytest.raises(NotYours):
        invoicing.accept_work(invoice, by=as_buyer)
    invoice = invoicing.accept_work(invoice, by=factories.actor("minzheng"))
    with pytest.raises(NotYours):
        invoicing.endorse(invoice, by=as_buyer)
    invoice = invoicing.endorse(invoice, by=factories.actor("minzheng2"))
    as_finance = replace(factories.actor("caizheng"), user_id=member.user_id)
    with pytest.raises(NotYours):
        invoicing.approve(invoice, by=as_finance)


def test_whoever_recorded_the_visit_does_not_accept_it_though_another_drew_it_up():
    contract = factories.ContractInForce()
    line, member = contract.lines.get(), factories.member_of(contract.provider)
    worker = factories.member_of(contract.provider, Role.SOCIAL_WORKER)
    quota.reserve(line.pk, 4)
    deliveries.record(line.pk, 4, holder="ZJ-1", on=moments.today(), by=worker)
    invoice = factories.checked(invoicing.draw_up(by=member, contract=contract))
    with pytest.raises(NotYours, match="另一人"):
        invoicing.accept_work(invoice, by=replace(factories.actor("minzheng"), user_id=worker.user_id))
