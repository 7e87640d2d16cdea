"""A process that is killed between reserve and commit leaves a ledger that balances."""

from __future__ import annotations

import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction

from contracts.budgets import ledger, reserving
from contracts.budgets.models import LedgerEntry
from contracts.contracts.models import Contract
from tests import factories
from tests.faults.spender import STEPS

pytestmark = pytest.mark.story

ROOT = Path(__file__).resolve().parents[2]
#: What the transactions behind each step have left: of reserved, of committed, of spent.
#: A transaction that was open when the process died has left nothing.
LEFT = {
    "reserving": (0, 0, 0),
    "reserved": (3, 0, 0),
    "binding": (3, 0, 0),
    "bound": (0, 3, 0),
    "spending": (0, 3, 0),
    "spent": (0, 0, 3),
}


def test_wherever_it_is_killed_every_balance_is_the_sum_of_its_entries(own_database):
    line = factories.Budget(amount=Decimal("900000"))
    for step in STEPS:
        contract = factories.ContractInForce(budget_line=line, quota=1)
        before = money_of(contract)
        entries = LedgerEntry.objects.count()
        kill_a_spender(own_database, contract, step)
        assert list(ledger.faults()) == []
        after = money_of(contract)
        gained = tuple(new - old for new, old in zip(after, before, strict=True))
        assert gained == LEFT[step], step
        assert (LedgerEntry.objects.count() > entries) == any(LEFT[step]), step
        contract.refresh_from_db()
        assert sum(after) == contract.amount
        with transaction.atomic():
            reserving.bind(contract)
            reserving.release(contract)
        assert list(ledger.faults()) == []


def money_of(contract: Contract) -> tuple[Decimal, Decimal, Decimal]:
    """What of the contract's money is reserved, committed and spent."""
    earmark = contract.earmarks.get()
    return earmark.reserved, earmark.committed, earmark.spent


def kill_a_spender(database: str, contract: Contract, step: str) -> None:
    """Let a process spend as far as ``step``, kill it there, and wait until the server knows."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.spender", database, str(contract.pk), step],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == f"{step}\n"
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
    while sessions_beside_this_one():
        time.sleep(0.05)


def sessions_beside_this_one() -> int:
    """How many other sessions the database has: that of the dead process goes by itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return cursor.fetchone()[0]
