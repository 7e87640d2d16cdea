"""Writes the open contracting data of a year to files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from tqdm import tqdm

from procurement.ocds import packages, processes, sections


class Command(BaseCommand):
    help = "Writes a year's contracting processes by OCDS 1.1: releases, records, JSON lines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--output", type=Path, default=Path("var/ocds"))
        parser.add_argument("--form", choices=packages.FORMS, action="append", dest="forms")
        parser.add_argument("--quiet", action="store_true", help="no progress")

    def handle(self, *args: Any, **options: Any) -> None:
        year, folder = options["year"], options["output"]
        count = sum(map(len, processes.keys(year)))
        if not count:
            raise CommandError(f"there are no processes of {year}")
        folder.mkdir(parents=True, exist_ok=True)
        for form in options["forms"] or packages.FORMS:
            path = folder / f"ocds-{year}.{form}"
            self._write(path, form, year, count, quiet=options["quiet"])
            self.stdout.write(f"{path}: {count} processes, {path.stat().st_size:,} bytes")

    def _write(self, path: Path, form: str, year: int, count: int, *, quiet: bool) -> None:
        """Write to a temporary file and rename it, so that nobody reads half a file."""
        uri = sections.link(reverse("ocds-year", args=[year, form]))
        part = path.with_suffix(".part")
        with (
            part.open("w", encoding="utf-8") as file,
            tqdm(total=count, unit="process", disable=quiet, file=self.stderr) as bar,
        ):
            for process, text in packages.pieces(form, year, uri):
                file.write(text)
                bar.update(process is not None)
        part.replace(path)
