"""Money moves in one guarded statement, and the ledger tells every yuan."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts import budgets
from contracts.models import BudgetLine
from contracts.models.budget import Account
from foundation.refusals import Exhausted
from tests import factories
from tests.racing import at_once, refused

ACCOUNTS = [account.value for account in Account]


def balances_by_ledger(line: BudgetLine) -> dict[str, Decimal]:
    """What the accounts must hold, summed from the entries alone."""
    found = {account: Decimal("0") for account in ACCOUNTS}
    found["available"] = line.amount
    for entry in line.entries.all():
        found[entry.credit] -= entry.amount
        found[entry.debit] += entry.amount
    return found


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    moves=st.lists(
        st.tuples(
            st.sampled_from(ACCOUNTS), st.sampled_from(ACCOUNTS),
            st.decimals(min_value=0, max_value=1500, places=2),
        ),
        max_size=25,
    )
)  # fmt: skip
def test_whatever_moves_no_account_is_negative_and_the_ledger_adds_up(db, moves):
    line = factories.Budget(amount=Decimal("1000"))
    for credit, debit, amount in moves:
        if credit == debit:
            continue
        try:
            with transaction.atomic():
                budgets.transfer(line.pk, amount, Account(credit), Account(debit), note="t")
        except Exhausted:
            pass
        line.refresh_from_db()
        held = {account: getattr(line, account) for account in ACCOUNTS}
        assert min(held.values()) >= 0
        assert sum(held.values()) == line.amount
    assert held_of(line) == balances_by_ledger(line)


def held_of(line: BudgetLine) -> dict[str, Decimal]:
    return {account: getattr(line, account) for account in ACCOUNTS}


def test_a_refused_transfer_leaves_no_entry():
    line = factories.Budget(amount=Decimal("10"))
    with pytest.raises(Exhausted, match=r"需要 10\.01 元"):
        budgets.transfer(line.pk, Decimal("10.01"), Account.AVAILABLE, Account.RESERVED, note="x")
    assert not line.entries.exists()


def test_a_negative_amount_is_a_mistake_of_the_programmer():
    with pytest.raises(ValueError, match="never negative"):
        budgets.transfer(1, Decimal("-1"), Account.AVAILABLE, Account.RESERVED, note="x")


@pytest.mark.parametrize(
    "change", [{"available": -1}, {"spent": 5}, {"reserved": 5, "available": 0}]
)
def test_the_database_refuses_a_budget_that_does_not_add_up(change):
    line = factories.Budget(amount=Decimal("1000"))
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLine.objects.filter(pk=line.pk).update(**change)


def test_ten_reservations_at_once_never_overdraw(own_database):
    line = factories.Budget(amount=Decimal("500"))

    def reserve():
        budgets.transfer(line.pk, Decimal("100"), Account.AVAILABLE, Account.RESERVED, note="x")

    assert refused(at_once([reserve] * 10), Exhausted) == 5
    line.refresh_from_db()
    assert (line.available, line.reserved) == (0, 500)
    assert line.entries.aggregate(total=Sum("amount"))["total"] == 500


def test_every_budget_of_the_starter_data_agrees_with_its_ledger():
    for line in BudgetLine.objects.all():
        assert held_of(line) == balances_by_ledger(line), line
