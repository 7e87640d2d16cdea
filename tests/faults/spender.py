"""A process that reserves, binds and spends once, and stands still at one step to be killed there."""

from __future__ import annotations

import os
import sys
from decimal import Decimal

#: Where it can stand still: inside each of its three transactions, and after each.
STEPS = ("reserving", "reserved", "binding", "bound", "spending", "spent")


def main(database: str, contract: int, last: str) -> None:
    """Move the money of one contract as far as ``last``, say so, and wait for the end."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.db import connection, transaction

    from contracts.budgets import reserving
    from contracts.contracts.models import Contract

    connection.settings_dict["NAME"] = database
    found = Contract.objects.get(pk=contract)

    def at(step: str) -> None:
        """Say that ``step`` is reached and stand still, if it is the last one."""
        if step == last:
            sys.stdout.write(f"{step}\n")
            sys.stdout.flush()
            sys.stdin.read()

    with transaction.atomic():
        Contract.objects.filter(pk=contract).update(amount=found.amount + Decimal("3"))
        found.refresh_from_db()
        reserving.reserve(found, Decimal("3"))
        at("reserving")
    at("reserved")
    with transaction.atomic():
        reserving.bind(found)
        at("binding")
    at("bound")
    with transaction.atomic():
        years = {found.start_on.year: Decimal("2.50"), found.end_on.year: Decimal("0.50")}
        reserving.spend(found, years, note="x")
        at("spending")
    at("spent")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
