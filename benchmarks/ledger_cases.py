"""The ledger under load: entries posted one by one, and every balance read.

The bare side sends the least that keeps a balance and its entry together: one update and one insert in a
transaction, by the same driver on the same tables.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from io import StringIO

from django.core.management import call_command
from django.db import connection, transaction

from benchmarks.measuring import Pair, Row, bare, caught
from contracts.budgets import ledger
from contracts.budgets.models import INSIDE, Account, BudgetLine
from foundation import moments
from organizations.bodies.models import Organization

#: How many entries make a turn: both sides take turns, so that both meet the same load.
TURN = 1_000
CENT = Decimal("0.01")
UPDATE = (
    "UPDATE contracts_budgetline SET amount = amount + %s, available = available + %s"
    " WHERE id = %s AND available >= 0"
)
BALANCES = (
    "SELECT id, available, planned, reserved, committed, spent, returned, carried FROM contracts_budgetline"
)
INSERT = (
    "INSERT INTO contracts_ledgerentry (at, line_id, credit, debit, amount, purpose, note)"
    " VALUES (now(), %s, 'granted', 'available', %s, '', 'bench')"
)


def run(entries: int) -> list[Row]:
    """Post ``entries`` on each side, and read all balances after each turn; in milliseconds."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_starter", stdout=StringIO())
    ours, theirs = (_line(name) for name in ("ours", "bare"))

    def post() -> None:
        ledger.transfer(ours.pk, CENT, Account.GRANTED, Account.AVAILABLE, note="bench")

    def post_bare() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(UPDATE, [CENT, CENT, theirs.pk])
            cursor.execute(INSERT, [theirs.pk, CENT])

    def read() -> None:
        list(BudgetLine.objects.values_list("pk", *INSIDE))

    sides = ((post, read), (post_bare, bare((BALANCES, []))))
    spent = [0.0, 0.0]
    for _ in range(entries // TURN):
        for side, (act, look) in enumerate(sides):
            spent[side] += _timed(act, look)
    ratio = spent[0] / spent[1]
    rows: list[Row] = [
        {
            "name": f"ledger: {entries:,} entries posted, balances read / the bare statements",
            "ours": round(spent[0], 1),
            "base": round(spent[1], 1),
            "ratio": round(ratio, 3),
            "target": 3,
            "holds": ratio <= 3,
        }
    ]
    pair = Pair(15)
    pair.add(
        "ledger: the balance of an account from its entries / bare SQL",
        lambda: ledger.total(ledger.behind("available").filter(line=ours)),
        bare(*caught(lambda: ledger.total(ledger.behind("available").filter(line=ours)))),
        target=3,
    )
    if faults := list(ledger.faults()):
        raise RuntimeError(f"the ledger does not balance: {faults}")
    return [*rows, *pair.rows]


def _line(name: str) -> BudgetLine:
    return BudgetLine.objects.create(
        year=moments.today().year,
        source=f"{name} {moments.now():%H%M%S.%f}",
        body=Organization.objects.get(code="minzheng"),
    )


def _timed(act: Callable[[], None], look: Callable[[], None]) -> float:
    """One turn of entries and one reading of all balances, in milliseconds."""
    begin = time.perf_counter()
    for _ in range(TURN):
        act()
    look()
    return (time.perf_counter() - begin) * 1000
