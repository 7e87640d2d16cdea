"""A process that is killed between reserve and commit leaves a ledger that balances."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from contracts import budgets, ledger
from contracts.models import LedgerEntry
from tests import factories

ROOT = Path(__file__).resolve().parents[2]


def test_whenever_it_is_killed_every_balance_is_the_sum_of_its_entries(own_database):
    line = factories.Budget(amount=Decimal("900000"))
    contract = factories.ContractInForce(budget_line=line, quota=1)
    pauses = random.Random(5)
    accounts = set()
    for _ in range(6):
        before = LedgerEntry.objects.count()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.spender", own_database, str(contract.pk)],
            cwd=ROOT, stdout=subprocess.PIPE,
        )  # fmt: skip
        try:
            assert process.stdout.readline() == b"begins\n"
            time.sleep(0.2 + pauses.random() / 5)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
        wait_until_nobody_writes()
        assert LedgerEntry.objects.count() > before
        assert list(ledger.faults()) == []
        contract.refresh_from_db()
        earmark = contract.earmarks.get()
        accounts.add((earmark.reserved > 0, earmark.committed > 40))
        assert earmark.reserved + earmark.committed + earmark.spent == contract.amount
    assert len(accounts) > 1, "it was never killed in the middle"
    with transaction.atomic():
        budgets.bind(contract)
        budgets.release(contract)
    assert list(ledger.faults()) == []


def wait_until_nobody_writes() -> None:
    """The server ends the dead process's transaction by itself."""
    seen = -1
    while (now := LedgerEntry.objects.count()) != seen:
        seen = now
        time.sleep(0.3)
