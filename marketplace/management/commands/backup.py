"""Writes the database into one file, and says which secrets must be kept beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from marketplace.backups import taking
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
    help = "Backs the database up into one new file, also while the product runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"].absolute()
        manifest = taking.take(path)
        self.stdout.write(
            f"{path}: {path.stat().st_size:,} bytes, {len(manifest.rows)} tables, {manifest.total:,} rows, "
            f"of version {manifest.version}"
        )
        self._name_secrets(manifest)

    def _name_secrets(self, manifest: Manifest) -> None:
        """Say what the file does not hold, and is worth nothing without."""
        self.stdout.write("Keep these secrets too, in another place than the file, which does not hold them:")
        for name, numbers in manifest.secrets.items():
            which = f" (keys {', '.join(map(str, numbers))}; {numbers[0]} encrypts)" if numbers else ""
            self.stdout.write(f"  {name}{which}: {USES[name]}")
        self.stdout.write("They are in the environment of the product, else in var/secrets.env.")
