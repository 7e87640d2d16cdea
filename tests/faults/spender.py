"""A process that reserves, binds and spends without end, for a test to kill in the middle."""

from __future__ import annotations

import os
import sys
from decimal import Decimal


def main(database: str, contract: int) -> None:
    """Move the money of one contract until somebody kills this process."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.db import connection, transaction

    from contracts import budgets
    from contracts.models import Contract

    connection.settings_dict["NAME"] = database
    found = Contract.objects.get(pk=contract)
    sys.stdout.write("begins\n")
    sys.stdout.flush()
    while True:
        with transaction.atomic():
            Contract.objects.filter(pk=contract).update(amount=found.amount + Decimal("3"))
            found.refresh_from_db()
            budgets.reserve(found, Decimal("3"))
        with transaction.atomic():
            found.refresh_from_db()
            budgets.bind(found)
        with transaction.atomic():
            years = {found.start_on.year: Decimal("2.50"), found.end_on.year: Decimal("0.50")}
            budgets.spend(found, years, note="x")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
