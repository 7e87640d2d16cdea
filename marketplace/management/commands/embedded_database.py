"""Serves the embedded database in the foreground, alone; ``manage.py keep database`` keeps it alive."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from marketplace.server import embedded


class Command(BaseCommand):
    help = "Serves the embedded PostgreSQL until SIGINT; everybody else names it in DATABASE_URL."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if os.geteuid() == 0:
            raise CommandError("PostgreSQL does not run as root. Start this as the product's own user.")
        embedded.foreground(settings.VAR / embedded.FOLDER)
