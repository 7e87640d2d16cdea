"""Django's ``makemigrations`` without a connection to the database."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import makemigrations
from django.db import connection


class Command(makemigrations.Command):
    help = f"{makemigrations.Command.help} Models and files are enough for that: no server is started."

    def handle(self, *app_labels: str, **options: Any) -> None:
        """Run with the dummy backend: the check of applied migrations is left to ``migrate``."""
        known = connection.settings_dict
        engine, known["ENGINE"] = known["ENGINE"], "django.db.backends.dummy"
        try:
            super().handle(*app_labels, **options)
        finally:
            known["ENGINE"] = engine
