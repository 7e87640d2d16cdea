"""Compares every balance of charity funds and goods with the sum of its entries."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from giving import stock
from giving.models import StockEntry


class Command(BaseCommand):
    help = "Compare what charities hold with the sum of its entries."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(stock.faults())
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} figures do not agree with their entries")
        self.stdout.write(f"{StockEntry.objects.count()} entries, every figure agrees")
