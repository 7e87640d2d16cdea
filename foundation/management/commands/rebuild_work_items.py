"""Make all work items anew from the objects."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from foundation.work_items import rebuilding


class Command(BaseCommand):
    help = "Makes the work items anew from the objects and says what differed; nothing differs in a sound database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="only how many differed")

    def handle(self, *args: Any, **options: Any) -> None:
        differed = 0
        for line in rebuilding.rebuild():
            differed += 1
            if not options["quiet"]:
                self.stdout.write(line)
        self.stdout.write(f"{differed} work items differed")
