"""Compares every balance of budgets and contracts with the sum of its entries."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contracts.budgets import ledger
from contracts.budgets.models import LedgerEntry


class Command(BaseCommand):
    help = "Compare every balance of budgets and contracts with the sum of its entries."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(ledger.faults())
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} balances do not agree with the ledger")
        self.stdout.write(f"{LedgerEntry.objects.count()} entries, every balance agrees")
