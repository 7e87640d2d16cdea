"""Money moves in one guarded statement, and the ledger tells every yuan."""

from __future__ import annotations

import threading
import time
from decimal import Decimal
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.budgets import ledger
from contracts.budgets.models import INSIDE, OUTSIDE, TIED, Account, BudgetLine, Earmark
from contracts.contracts.models import Contract
from foundation.refusals import Exhausted
from tests import factories
from tests.racing import at_once, refused

ACCOUNTS = list(Account)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    transitions=st.lists(
        st.tuples(
            st.sampled_from(ACCOUNTS),
            st.sampled_from(ACCOUNTS),
            st.booleans(),
            st.decimals(min_value=0, max_value=1500, places=2),
        ),
        max_size=25,
    )
)
def test_whatever_moves_no_account_is_negative_and_the_ledger_adds_up(db, transitions):
    line = factories.Budget(amount=Decimal("1000"))
    contract = factories.DraftContract(budget_line=factories.Budget())
    for credit, debit, tied, amount in transitions:
        both_outside = credit in OUTSIDE and debit in OUTSIDE
        needs_contract = credit in TIED or debit in TIED
        both_tied = Account.PLANNED in (credit, debit) and needs_contract
        if credit == debit or both_outside or both_tied or (needs_contract and not tied):
            continue
        try:
            with transaction.atomic():
                ledger.transfer(
                    line.pk,
                    amount,
                    credit,
                    debit,
                    note="t",
                    purpose="XM-1",
                    contract=contract if tied else None,
                )
        except (Exhausted, IntegrityError):
            pass
        line.refresh_from_db()
        held = {account: getattr(line, account) for account in INSIDE}
        assert min(held.values()) >= 0
        assert sum(held.values()) == line.amount
        # A contract's own sum moves in ``reserving.spend`` and not here.
        assert [fault for fault in ledger.faults() if not fault.startswith("contract HT")] == []


def test_a_refused_transfer_leaves_no_entry():
    line = factories.Budget(amount=Decimal("10"))
    contract = factories.DraftContract(budget_line=factories.Budget())
    with pytest.raises(Exhausted, match=r"需要 10\.01 元"):
        ledger.transfer(
            line.pk, Decimal("10.01"), Account.AVAILABLE, Account.RESERVED, note="x", contract=contract
        )
    assert line.entries.filter(debit="reserved").count() == 0
    assert not contract.earmarks.filter(line=line).exists()


def test_a_contract_cannot_spend_what_another_has_bound():
    line = factories.Budget(amount=Decimal("9000"))
    mine, other = (factories.DraftContract(budget_line=line) for _ in range(2))
    with pytest.raises(Exhausted, match="预留"):
        ledger.transfer(
            line.pk, Decimal("4000.01"), Account.RESERVED, Account.COMMITTED, note="x", contract=mine
        )
    assert other.earmarks.get().reserved == mine.earmarks.get().reserved == Decimal("4000")
    assert list(ledger.faults()) == []


@pytest.mark.parametrize(
    ("amount", "accounts", "words"),
    [
        ("-1", (Account.GRANTED, Account.AVAILABLE), "never negative"),
        ("1", (Account.AVAILABLE, Account.RESERVED), "name it"),
    ],
)
def test_what_a_programmer_gets_wrong_is_said(amount, accounts, words):
    with pytest.raises(ValueError, match=words):
        ledger.transfer(1, Decimal(amount), *accounts, note="x")


@pytest.mark.parametrize(
    "change", [{"available": -1}, {"spent": 5}, {"reserved": 5, "available": 0}, {"amount": 1}]
)
def test_the_database_refuses_a_budget_that_does_not_add_up(change):
    line = factories.Budget(amount=Decimal("1000"))
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLine.objects.filter(pk=line.pk).update(**change)


def test_a_balance_changed_by_hand_is_found(capsys):
    call_command("check_ledger")
    assert "every balance agrees" in capsys.readouterr().out
    line = factories.Budget(amount=Decimal("1000"))
    contract = factories.DraftContract(budget_line=line, quota=10)
    line.refresh_from_db()
    BudgetLine.objects.filter(pk=line.pk).update(available=F("available") - 1, returned=1)
    Earmark.objects.filter(contract=contract).update(reserved=F("reserved") + 5)
    Contract.objects.filter(pk=contract.pk).update(spent=1)
    assert sorted(ledger.faults()) == sorted(
        [
            f"budget line {line.pk} available: 599.00 held, 600.00 told by the entries",
            f"budget line {line.pk} returned: 1.00 held, 0 told by the entries",
            f"contract on line {contract.pk} on {line.pk} reserved: 405.00 held, 400.00 told by the entries",
            f"contract {contract.number} spent: 1.00 held, 0.00 told by the entries",
        ]
    )
    with pytest.raises(CommandError, match="4 balances"):
        call_command("check_ledger")


@pytest.mark.parametrize("account", [each for each in INSIDE if each != Account.AVAILABLE])
def test_no_account_can_be_changed_by_hand_unseen(account):
    line = factories.Budget(amount=Decimal("1000"))
    BudgetLine.objects.filter(pk=line.pk).update(available=999, **{account: 1})
    found = {fault.split(":")[0] for fault in ledger.faults()}
    assert found == {f"budget line {line.pk} {name}" for name in ("available", account)}


def test_ten_reservations_at_once_never_overdraw(own_database):
    line = factories.Budget(amount=Decimal("500"))
    contracts = [factories.DraftContract(budget_line=factories.Budget()) for _ in range(10)]

    def reserve(contract):
        ledger.transfer(
            line.pk, Decimal("100"), Account.AVAILABLE, Account.RESERVED, note="x", contract=contract
        )

    tries = [partial(reserve, each) for each in contracts]
    assert refused(at_once(tries), Exhausted) == 5
    line.refresh_from_db()
    assert (line.available, line.reserved) == (0, 500)
    assert ledger.total(ledger.behind("reserved").filter(line=line)) == 500
    assert list(ledger.faults()) == []


def test_the_line_is_locked_before_a_contracts_part_of_it(own_database):
    line = factories.Budget(amount=Decimal("9000"))
    contract = factories.DraftContract(budget_line=line)
    held = threading.Event()
    move = partial(ledger.transfer, line.pk, Decimal("1"), contract=contract, note="x")

    def whoever_holds_the_line():
        with transaction.atomic():
            BudgetLine.objects.select_for_update().get(pk=line.pk)
            held.set()
            time.sleep(0.5)  # the other is at the line by now, and must hold nothing else
            move(Account.RESERVED, Account.AVAILABLE)

    def another():
        held.wait(5)
        move(Account.AVAILABLE, Account.RESERVED)

    at_once([whoever_holds_the_line, another])
    assert contract.earmarks.get().reserved == 4000
    assert list(ledger.faults()) == []
