"""Make all work items anew from the objects."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from foundation.work_items import rebuilding


class Command(BaseCommand):
    help = (
        "Makes the work items anew from the objects and says what differed. In a sound database nothing does, "
        "but for texts after a change of translations, which are counted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="only how many differed")

    def handle(self, *args: Any, **options: Any) -> None:
        differed = in_texts = 0
        for difference in rebuilding.rebuild():
            differed += 1
            in_texts += difference.in_texts_alone
            if not (options["quiet"] or difference.in_texts_alone):
                self.stdout.write(str(difference))
        self.stdout.write(f"{differed} work items differed, {in_texts} of them only in their texts")
