"""A contract is changed by both sides within limits, suspended, renewed; its money follows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from contracts.amendments import amending
from contracts.budgets import ledger
from contracts.contracts import quota, running, signing
from contracts.contracts.models import Contract
from contracts.invoices import deliveries
from foundation import moments
from foundation.refusals import Exhausted, Invalid, NotNow, NotYours, Refused
from foundation.work_items import rebuilding
from organizations.providers import standing
from tests import drawing, factories
from tests.racing import at_once, refused


def propose(contract, units: int | None = None, **given):
    line = contract.lines.get()
    quotas = {} if units is None else {line.pk: units}
    return amending.propose(
        by=factories.actor("minzheng"), contract=contract, quotas=quotas, why="需求增加", **given
    )


def signed(amendment):
    """By the second person of the buyer."""
    second = factories.actor("minzheng2")
    with drawing.lightly():
        return amending.sign(amendment, by=second, typed=second.name)


def agree(amendment):
    if amendment.status == "drafted":
        amendment = signed(amendment)
    by = factories.member_of(amendment.contract.provider)
    return amending.agree(amendment, by=by, typed=by.name)


def money_of(contract) -> tuple[Decimal, Decimal, Decimal]:
    line = contract.budget_line
    line.refresh_from_db()
    return line.available, line.reserved, line.committed


# --- quantities -------------------------------------------------------------------------


def test_more_units_are_reserved_when_proposed_and_bound_when_both_have_signed():
    contract = factories.ContractInForce(quota=100)
    amendment = propose(contract, 110)
    assert (amendment.change, amendment.added) == (400, 400)
    assert money_of(contract) == (95600, 400, 4000)
    agree(amendment)
    contract.refresh_from_db()
    assert (contract.amount, contract.signed_amount) == (4400, 4000)
    assert contract.lines.get().quota == 110
    assert money_of(contract) == (95600, 0, 4400)
    assert list(ledger.faults()) == []


def test_what_all_agreements_add_is_held_to_a_tenth_of_what_was_signed():
    contract = factories.ContractInForce(quota=100)
    line = contract.lines.get()
    with pytest.raises(Invalid, match=r"超过原合同金额的 10%（400\.00 元）") as refusal:
        propose(contract, 111)
    assert f"quota_{line.pk}" in refusal.value.fields
    agree(propose(contract, 106))
    with pytest.raises(Invalid, match=r"合计增加 440\.00 元"):
        propose(contract, 111)
    assert agree(propose(contract, 110)).status == "agreed"
    agree(propose(contract, 100))
    with pytest.raises(Invalid, match="合计增加"):
        propose(contract, 101)


def test_the_share_is_data():
    factories.rule("contract.supplement", most_percent=20)
    contract = factories.ContractInForce(quota=100)
    assert agree(propose(contract, 120)).status == "agreed"


def test_fewer_units_give_their_money_back():
    contract = factories.ContractInForce(quota=100)
    quota.reserve(contract.lines.get().pk, 30)
    with pytest.raises(Invalid, match="已预留和使用 30"):
        propose(contract, 29)
    agree(propose(contract, 30))
    contract.refresh_from_db()
    assert (contract.amount, contract.lines.get().left) == (1200, 0)
    assert money_of(contract) == (98800, 0, 1200)
    assert list(ledger.faults()) == []


def test_units_taken_meanwhile_are_not_signed_away():
    contract = factories.ContractInForce(quota=100)
    amendment = propose(contract, 50)
    quota.reserve(contract.lines.get().pk, 51)
    with pytest.raises(Exhausted, match="余量已经变化"):
        agree(amendment)
    contract.refresh_from_db()
    assert (contract.amount, contract.lines.get().quota) == (4000, 100)


def test_a_reservation_and_a_reduction_at_once_never_both_win(own_database):
    contract = factories.ContractInForce(quota=100)
    line, amendment = contract.lines.get(), propose(contract, 50)
    outcomes = at_once([lambda: quota.reserve(line.pk, 60), lambda: agree(amendment)])
    assert refused(outcomes, Exhausted) == 1
    line.refresh_from_db()
    assert line.reserved + line.used <= line.quota
    assert list(ledger.faults()) == []


@pytest.mark.parametrize("end", ["decline", "withdraw"])
def test_what_is_not_agreed_leaves_everything_as_it_was(who, end):
    contract = factories.ContractInForce(quota=100)
    amendment = signed(propose(contract, 110))
    by = factories.member_of(contract.provider) if end == "decline" else who("minzheng")
    getattr(amending, end)(amendment, by=by, reason="人手不够")
    assert money_of(contract) == (96000, 0, 4000)
    assert contract.lines.get().quota == 100


def test_only_the_two_sides_sign(who):
    contract = factories.ContractInForce()
    amendment = signed(propose(contract, 101))
    for other in (who("jigou"), who("minzheng")):
        with pytest.raises(NotYours):
            amending.agree(amendment, by=other, typed=other.name)
    with pytest.raises(NotYours):
        amending.propose(by=factories.member_of(contract.provider), contract=contract, quotas={}, why="x")


def test_one_agreement_waits_at_a_time_and_one_that_changes_nothing_is_none():
    contract = factories.ContractInForce()
    with pytest.raises(Invalid, match="没有任何变化"):
        propose(contract, contract.lines.get().quota)
    propose(contract, 101)
    with pytest.raises(NotNow, match="在等签署"):
        propose(contract, 102)


def test_the_budget_comes_before_an_agreement_too():
    contract = factories.ContractInForce(budget_line=factories.Budget(amount=Decimal("4000")))
    with pytest.raises(Exhausted, match="预算不足"):
        propose(contract, 101)
    assert not contract.amendments.exists()


def test_the_last_day_may_move_within_the_years_allowed():
    contract = factories.ContractInForce()
    later = contract.end_on + timedelta(days=90)
    amendment = propose(contract, end_on=later)
    assert (amendment.change, amendment.lines) == (0, [])
    agree(amendment)
    contract.refresh_from_db()
    assert contract.end_on == later
    with pytest.raises(Invalid, match="最长"):
        propose(contract, end_on=contract.start_on + timedelta(days=366 * 3 + 1))


def test_after_the_end_nothing_is_amended_and_what_waited_is_withdrawn(who):
    contract = factories.ContractInForce()
    amendment = signed(propose(contract, 101))
    running.terminate(contract, by=who("minzheng"), reason="x")
    with pytest.raises(NotNow, match="已撤回"):
        agree(amendment)


def test_an_agreement_over_the_pages(client, client_of, who):
    contract = factories.ContractInForce(quota=100)
    line, officer = contract.lines.get(), client_of("minzheng")
    form = officer.get(f"/amendments/new/propose/?contract={contract.pk}").content.decode()
    assert f'name="quota_{line.pk}"' in form
    sent = {"contract": contract.pk, f"quota_{line.pk}": "200", "why": "冬季需求", "key": "k"}
    wrong = officer.post("/amendments/new/propose/", sent)
    assert wrong.status_code == 422
    assert 'value="200"' in wrong.content.decode()
    assert "超过原合同金额" in wrong.content.decode()
    answer = officer.post("/amendments/new/propose/", {**sent, f"quota_{line.pk}": "105"}, follow=True)
    page = answer.content.decode()
    assert "<del>100</del>" in page
    assert "<ins>105</ins>" in page
    address = answer.redirect_chain[-1][0]
    client.force_login(factories.user_of(contract.provider))
    own = officer.post(f"{address}sign/", {"typed": "周明", "key": "o"})
    assert "另一人" in own.content.decode()
    second = client_of("minzheng2")
    second.post(f"{address}sign/", {"typed": factories.actor("minzheng2").name, "key": "s"})
    assert client.post(f"{address}agree/", {"key": "a"}).status_code == 422
    client.post(f"{address}agree/", {"typed": factories.member_of(contract.provider).name, "key": "b"})
    assert contract.lines.get().quota == 105


def test_an_agreement_over_the_api(api_of):
    contract = factories.ContractInForce(quota=100)
    line, api = contract.lines.get(), api_of("minzheng")
    made = api.post(
        "/api/v1/amendments/propose",
        {"contract": contract.pk, f"quota_{line.pk}": 104, "why": "x"},
        format="json",
    )
    assert made.status_code == 201, made.content
    assert made.json()["change"] == "160.00"
    wrong = api.post(
        "/api/v1/amendments/propose", {"contract": contract.pk, "quota_0": 1, "why": "x"}, format="json"
    )
    assert "quota_0" in wrong.json()["errors"]


# --- suspension -------------------------------------------------------------------------


def test_a_suspended_contract_takes_nothing_new_and_finishes_what_was_accepted(who):
    contract = factories.ContractInForce()
    line = contract.lines.get()
    quota.reserve(line.pk, 5)
    contract = running.suspend(contract, by=who("minzheng"), reason="整改")
    with pytest.raises(Exhausted):
        quota.reserve(line.pk, 1)
    deliveries.record(line.pk, 2, holder="ZJ-1", on=moments.today())
    contract = running.resume(contract, by=who("minzheng"))
    quota.reserve(line.pk, 1)
    assert contract.status == "in_force"


def test_a_suspended_contract_ends_by_its_day_and_by_termination(who):
    first, second = factories.ContractInForce(), factories.ContractInForce()
    for each in (first, second):
        running.suspend(each, by=who("minzheng"), reason="整改")
    second.refresh_from_db()
    running.terminate(second, by=who("minzheng"), reason="协商")
    with moments.as_of(moments.now() + timedelta(days=302)):
        running.follow_the_days()
    first.refresh_from_db()
    assert first.status == "completed"


@pytest.mark.parametrize("step", ["propose", "sign", "agree"])
def test_nothing_is_added_to_a_provider_that_is_not_in_good_standing_by_whatever_step(who, step):
    contract = factories.ContractInForce(quota=100)
    waiting = None if step == "propose" else propose(contract, 105)
    waiting = signed(waiting) if step == "agree" else waiting
    standing.suspend(contract.provider, by=who("minzheng"), reason="核查")
    act = {"propose": lambda: propose(contract, 105), "sign": lambda: signed(waiting)}
    with pytest.raises(Refused, match="已暂停"):
        act.get(step, lambda: agree(waiting))()
    contract.refresh_from_db()
    assert (contract.amount, contract.lines.get().quota) == (4000, 100)


def test_what_only_reduces_is_agreed_whatever_the_standing(who):
    contract = factories.ContractInForce(quota=100)
    standing.suspend(contract.provider, by=who("minzheng"), reason="核查")
    assert agree(propose(contract, 60)).status == "agreed"


def test_a_contract_is_not_resumed_when_the_accreditation_has_run_out(who):
    contract = factories.ContractInForce()
    contract = running.suspend(contract, by=who("minzheng"), reason="经费未到")
    type(contract.provider).objects.filter(pk=contract.provider_id).update(
        accredited_until=moments.today() - timedelta(days=1)
    )
    rebuilding.follow_the_day()
    with pytest.raises(Refused, match="有效期已过"):
        running.resume(Contract.objects.get(pk=contract.pk), by=who("minzheng2"))


# --- renewal ----------------------------------------------------------------------------


def renew(contract, **given) -> Contract:
    begin = contract.end_on + timedelta(days=1)
    defaults = {"budget_line": contract.budget_line, "start_on": begin, "end_on": begin + timedelta(days=300)}
    return signing.renew(by=factories.actor("minzheng"), contract=contract, **{**defaults, **given})


def test_a_renewal_drafts_the_same_services_for_the_next_period():
    contract = factories.ContractInForce(quota=70)
    following = renew(contract)
    line = following.lines.get()
    assert (following.status, following.renews, following.amount) == ("draft", contract, 2800)
    assert (line.item.code, line.quota, line.unit_price, line.used) == ("B01.01", 70, 40, 0)
    assert following.earmarks.get().reserved == 2800
    assert list(ledger.faults()) == []


def test_a_renewal_begins_after_the_end_and_stays_within_the_years_in_all():
    contract = factories.ContractInForce()
    with pytest.raises(Invalid) as refusal:
        renew(contract, start_on=contract.end_on)
    assert "start_on" in refusal.value.fields
    with pytest.raises(Invalid, match="最长 3 年"):
        renew(contract, end_on=contract.start_on + timedelta(days=366 * 3 + 1))


def test_neither_a_draft_nor_a_provider_that_has_left_is_renewed(who):
    with pytest.raises(Invalid, match="只能续签"):
        renew(factories.DraftContract())
    contract = factories.ContractInForce()
    standing.suspend(contract.provider, by=who("minzheng"), reason="整改")
    with pytest.raises(Refused, match="已暂停"):
        renew(Contract.objects.get(pk=contract.pk))


def test_a_renewal_over_the_page(client_of):
    contract = factories.ContractInForce()
    begin = contract.end_on + timedelta(days=1)
    sent = {
        "contract": contract.pk,
        "budget_line": contract.budget_line_id,
        "start_on": begin,
        "end_on": begin + timedelta(days=100),
        "key": "k",
    }
    answer = client_of("minzheng").post("/contracts/new/renew/", sent, follow=True)
    assert "续签自" in answer.content.decode()
