"""What is held back of a contract's price until its end, and penalties."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.budgets import ledger
from contracts.contracts import running
from contracts.contracts.models import Contract
from contracts.contracts.states import CONTRACT
from contracts.invoices import invoicing
from contracts.penalties import deducting
from foundation import moments
from foundation.deadlines import clocks
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.work_items.models import WorkItem
from organizations.providers.models import Provider
from tests import factories
from tests.contracts.terms import agreed, invoiced, officer
from tests.steps import steps_for


def test_a_part_of_each_payment_stays_until_the_end():
    contract = agreed(hold_back=10)
    invoice = invoiced(contract, 10)
    assert (invoice.amount, invoice.held, invoice.payable) == (400, 40, 360)
    factories.paid(invoice)
    contract.refresh_from_db()
    assert (contract.spent, invoicing.held_back(contract)) == (360, 40)


@pytest.mark.parametrize(("grade", "paid"), [("excellent", 40), ("pass", 32), ("fail", 0), ("", 40)])
def test_the_grade_says_how_much_of_the_hold_back_is_paid(grade, paid):
    contract = agreed(hold_back=10)
    factories.paid(invoiced(contract, 10))
    member = factories.member_of(contract.provider)
    with pytest.raises(NotNow, match="期满或终止后"):
        invoicing.draw_up_final(by=member, contract=contract)
    running.terminate(contract, by=officer(), reason="提前结束")
    with pytest.raises(Refused, match="尾款还没有结算"):
        running.settle(contract, by=officer("caizheng"))
    Provider.objects.filter(pk=contract.provider_id).update(last_grade=grade)
    final = invoicing.draw_up_final(by=member, contract=contract)
    assert (final.kind, final.amount, final.payable) == ("final", 40, paid)
    with pytest.raises(NotNow):
        invoicing.draw_up_final(by=member, contract=contract)
    factories.paid(final)
    contract.refresh_from_db()
    assert contract.spent == 360 + paid
    assert running.settle(contract, by=officer("caizheng")).status == "settled"
    assert list(ledger.faults()) == []


def test_a_final_invoice_that_was_sent_back_can_be_drawn_again():
    contract = agreed(hold_back=10)
    factories.paid(invoiced(contract, 10))
    running.terminate(contract, by=officer(), reason="提前结束")
    member = factories.member_of(contract.provider)
    final = invoicing.draw_up_final(by=member, contract=contract)
    invoicing.send_back(final, by=officer(), reason="等评估结果")
    assert invoicing.draw_up_final(by=member, contract=contract).amount == 40


def test_a_hold_back_over_the_rule_is_refused():
    with pytest.raises(Invalid, match="不能超过 20%"):
        agreed(hold_back=21)


@pytest.mark.parametrize(("billing", "days"), [("monthly", 32), ("quarterly", 93)])
def test_work_is_claimed_once_in_its_period(billing, days):
    contract = agreed(billing=billing)
    first = invoiced(contract, 1)
    with pytest.raises(NotNow, match="本期已经提交过"):
        invoiced(contract, 1)
    invoicing.send_back(first, by=officer(), reason="数量不对")
    invoiced(contract, 1)
    with moments.as_of(moments.now() + timedelta(days=days)):
        assert invoiced(contract, 1).amount > 0


def fined(contract: Contract, cases: int = 2, **given):
    return deducting.impose(
        by=officer(), contract=contract, title="逾期首次联系", cases=cases, why="两户逾期", **given
    )


def test_a_penalty_is_told_accepted_and_taken_off_the_next_invoice():
    contract = agreed(hold_back=0)
    penalty = deducting.accept(fined(contract), by=factories.member_of(contract.provider))
    invoice = invoicing.accept_work(factories.checked(invoiced(contract, 10)), by=officer())
    penalty.refresh_from_db()
    assert (invoice.penalty, invoice.payable) == (100, 300)
    assert (penalty.status, penalty.invoice) == ("deducted", invoice)
    with pytest.raises(NotNow, match="不能退回"):
        invoicing.send_back(invoice, by=officer(), reason="x")


def test_silence_for_five_working_days_is_consent():
    penalty = fined(agreed())
    with moments.as_of(moments.now() + timedelta(days=20)):
        clocks.tick()
    penalty.refresh_from_db()
    assert penalty.status == "confirmed"


def test_a_contested_penalty_is_decided_by_somebody_else_of_the_buyer():
    contract = agreed()
    member = factories.member_of(contract.provider)
    penalty = deducting.contest(fined(contract), by=member, reason="家庭改了时间")
    assert penalty.answer == "家庭改了时间"
    assert steps_for(officer("minzheng2"), penalty) == {"hear"}
    assert steps_for(officer(), penalty) == set()
    with pytest.raises(NotYours):
        deducting.confirm(penalty, by=officer(), reason="维持")
    invoice = invoicing.accept_work(factories.checked(invoiced(contract, 10)), by=officer())
    assert invoice.penalty == 0
    penalty = deducting.confirm(penalty, by=officer("minzheng2"), reason="没有记录")
    assert penalty.status == "confirmed"


def test_a_contract_with_a_penalty_is_settled_once_that_is_deducted_or_written_off():
    contract = agreed(hold_back=0)
    member, finance = factories.member_of(contract.provider), officer("caizheng")
    first, second = fined(contract, 1), fined(contract, 2)
    invoice = invoiced(contract, 2)
    contract = running.terminate(contract, by=officer(), reason="提前结束")
    deducting.accept(first, by=member)
    factories.paid(invoice)
    with pytest.raises(NotNow, match="还有 1 笔违约扣款没有定下来"):
        running.settle(contract, by=finance)
    deducting.accept(second, by=member)
    with pytest.raises(NotNow, match="还有 1 笔违约扣款没有扣"):
        running.settle(contract, by=finance)
    assert [str(words) for _row, words in CONTRACT.lacking(contract, finance)] == [
        "还有 1 笔违约扣款没有扣。请从结算单里扣减\uff0c扣不了的由购买方另一人核销。"
    ]
    with pytest.raises(NotYours):
        deducting.write_off(second, by=officer(), reason="收不回来")
    assert deducting.write_off(second, by=officer("minzheng2"), reason="收不回来").status == "waived"
    assert running.settle(contract, by=finance).status == "settled"


def test_a_penalty_is_written_off_once_no_invoice_is_left_and_is_awaited_then():
    contract = agreed(hold_back=0)
    member, second_officer = factories.member_of(contract.provider), officer("minzheng2")
    invoice = invoiced(contract, 2)
    contract = running.terminate(contract, by=officer(), reason="提前结束")
    penalty = deducting.accept(fined(contract, 2), by=member)
    with pytest.raises(NotNow, match="还有 1 张结算单没有办完"):
        deducting.write_off(penalty, by=second_officer, reason="收不回来")
    assert steps_of(penalty) == set()
    factories.paid(invoice)
    penalty.refresh_from_db()
    assert penalty.status == "confirmed"
    assert steps_of(penalty) == {"write_off"}
    assert deducting.write_off(penalty, by=second_officer, reason="收不回来").status == "waived"


def steps_of(penalty):
    """The steps that somebody is awaited to make with it."""
    items = WorkItem.objects.filter(lifecycle=penalty._meta.label, object_id=penalty.pk, waits=True)
    return set(items.values_list("step", flat=True))


def test_a_penalty_of_a_running_contract_is_not_written_off():
    penalty = deducting.accept(fined(contract := agreed()), by=factories.member_of(contract.provider))
    assert "write_off" not in [row.name for row in penalty.transitions_for(officer("minzheng2"))]


def test_what_does_not_fit_on_an_invoice_waits_for_the_next():
    contract = agreed(hold_back=0)
    member = factories.member_of(contract.provider)
    for cases in (2, 1):
        deducting.accept(fined(contract, cases), by=member)
    first = invoicing.accept_work(factories.checked(invoiced(contract, 3)), by=officer())
    assert (first.amount, first.penalty, first.payable) == (120, 100, 20)
    second = invoicing.accept_work(factories.checked(invoiced(contract, 10)), by=officer())
    assert (second.penalty, second.payable) == (50, 350)


def test_penalties_come_to_a_tenth_of_the_contract_at_most_and_follow_its_own_rules():
    contract = agreed()
    fined(contract, 8)
    with pytest.raises(Invalid, match=r"不能超过合同金额的 10%（400\.00 元）"):
        fined(contract, 1)
    with pytest.raises(Invalid, match="没有约定这一项"):
        deducting.impose(by=officer(), contract=contract, title="态度不好", cases=1, why="x")
    waived = deducting.waive(contract.penalty_set.get(), by=officer(), reason="查实无责")
    assert waived.status == "waived"
    assert fined(contract, 1).amount == 50
