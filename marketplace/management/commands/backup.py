"""Writes the database into one file, says which secrets must be kept beside it, and clears away old backups."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localtime

from foundation import moments
from marketplace.backups import rotation, taking
from marketplace.backups.archive import Manifest

#: What each secret is for.
USES = {
    "LIANDONG_DATA_KEYS": "without it nobody can read a name, a number or a text again",
    "LIANDONG_HASH_KEY": "without it nobody is found by his number",
    "SECRET_KEY": "without it everybody signs in anew",
    "SIGNING_CERTIFICATE": "without it no contract is signed digitally",
    "SIGNING_PASSPHRASE": "opens the certificate",
}


class Command(BaseCommand):
    help = "Backs the database up into one new file, or a new file of a folder, also while the product runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="a new file, or a folder, in which the file bears the time"
        )
        parser.add_argument("--rotate", action="store_true", help="afterwards delete old ones of the folder")
        for period, usual in vars(rotation.Keep()).items():
            parser.add_argument(
                f"--{period}",
                type=int,
                default=usual,
                help=f"with --rotate: of how many {period} the newest is kept ({usual})",
            )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"].absolute()
        keep = rotation.Keep(options["days"], options["weeks"], options["months"])
        if min(vars(keep).values()) < 0:
            raise CommandError("--days, --weeks and --months are 0 or more.")
        folder = path if path.is_dir() else None
        if options["rotate"] and folder is None:
            raise CommandError("--rotate clears a folder: name one, and not a file.")
        if folder:
            path = folder / rotation.name_of(localtime(moments.now()))
        manifest = taking.take(path)
        self.stdout.write(
            f"{path}: {path.stat().st_size:,} bytes, {len(manifest.rows)} tables, {manifest.total:,} rows, "
            f"of version {manifest.version}"
        )
        self._name_secrets(manifest)
        if folder and options["rotate"]:
            self._rotate(folder, keep)

    def _rotate(self, folder: Path, keep: rotation.Keep) -> None:
        """Delete what need not be kept, now that there is a newer one."""
        for old in rotation.superseded(folder, keep):
            old.unlink()
            self.stdout.write(f"{old}: deleted, since there are newer ones of its day, week and month")

    def _name_secrets(self, manifest: Manifest) -> None:
        """Say what the file does not hold, and is worth nothing without."""
        self.stdout.write("Keep these secrets too, in another place than the file, which does not hold them:")
        for name, numbers in manifest.secrets.items():
            which = f" (keys {', '.join(map(str, numbers))}; {numbers[0]} encrypts)" if numbers else ""
            self.stdout.write(f"  {name}{which}: {USES[name]}")
        self.stdout.write(
            f"They are in the environment of the product, else in {settings.VAR / 'secrets.env'}."
        )
