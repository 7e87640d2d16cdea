"""Waits for the database, migrates it and collects the static files: what comes before the processes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from marketplace.office import first
from marketplace.server import embedded, preparing, starting, unsafe


class Command(BaseCommand):
    help = "Makes database and static files ready for manage.py keep; refuses what must not be served."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        preparing.raise_if_refused(starting.refusal_of_a_city() or starting.refusal_of_settings())
        preparing.wait_for_the_database(self._say)
        with embedded.exclusive(settings.STATIC_ROOT):
            preparing.bring_up_to_date(self._say, demonstration=False)
        for warning in unsafe.warnings():
            self._say(warning)
        if first.wanted():
            self._say(first.instructions())

    def _say(self, line: str) -> None:
        """Print a line at once."""
        self.stdout.write(line)
        self.stdout.flush()
