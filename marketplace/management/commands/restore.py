"""Restores a backup into an empty database, or in place of what a database holds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from marketplace.backups.restoring import Restoration
from marketplace.server import operating


class Command(BaseCommand):
    help = "Restores a backup into the empty database of DATABASE_URL, or the embedded one."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """``--replace`` deletes what the database holds."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="delete what the database holds; asks before it does"
        )
        parser.add_argument("--no-input", action="store_true", help="with --replace: do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        restoration = Restoration(options["file"].absolute())
        try:
            restoration.refuse_if_not_ours()
            held = restoration.held()
            if held:
                _refuse_to_replace(held, replace=options["replace"], asks=not options["no_input"])
            restoration.load(replace=bool(held))
        finally:
            restoration.close()
        manifest = restoration.manifest
        self.stdout.write(
            f"Restored {len(manifest.rows)} tables, {manifest.total:,} rows, as they were at {manifest.made_at}. "
            f"Start the city ({operating.start()}), which also brings them to this version."
        )


def _refuse_to_replace(held: int, *, replace: bool, asks: bool) -> None:
    """Raise ``CommandError`` unless the operator wants the tables of the database deleted."""
    name = connection.settings_dict["NAME"]
    if not replace:
        raise CommandError(
            f"The database {name} is not empty ({held} tables). Name an empty one in DATABASE_URL, "
            "or delete what it holds with --replace."
        )
    if not asks:
        return
    if not sys.stdin.isatty():
        raise CommandError("Nobody can be asked here. With --no-input nobody is.")
    typed = input(f"All {held} tables of the database {name} will be deleted. Type its name to go on: ")
    if typed.strip() != name:
        raise CommandError("Nothing was changed.")
