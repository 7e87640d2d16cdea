"""Shows that a backup can be restored, with the secrets that are here, and how long that takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from marketplace.backups import rehearsing


class Command(BaseCommand):
    help = "Restores a backup into a database beside the city's, checks every balance, and drops it again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a backup, or a folder, whose newest one is taken")

    def handle(self, *args: Any, **options: Any) -> None:
        file = rehearsing.newest(options["file"].absolute())
        seconds = rehearsing.rehearse(file)
        self.stdout.write(
            f"{file}: restored beside, all rows counted, every balance right, in {seconds:.0f} seconds. "
            "The database beside is gone again."
        )
