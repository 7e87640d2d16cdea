"""Starts some of the processes alone and keeps them alive, for a supervisor such as systemd."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.server import keeping, preparing, starting
from marketplace.server.addresses import bracketed


class Command(BaseCommand):
    help = (
        "Keeps the named processes alive: web, clocks, documents, texts, database (after manage.py prepare)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="+", choices=keeping.NAMES)

    def handle(self, *args: Any, **options: Any) -> None:
        names: list[str] = options["names"]
        if names != [keeping.DATABASE]:
            preparing.raise_if_refused(starting.refusal_of_a_city() or starting.refusal_of_settings())
            if settings.EMBEDDED:
                raise CommandError(
                    "DATABASE_URL names no database. Processes that are started alone do not start one: "
                    "name it, also where it is the embedded one (docs/how-to/put-it-on-a-server.md)."
                )
        host, port = starting.listens_on()
        address = f"{settings.SPOKEN}://{bracketed(host)}:{port}"
        line = keeping.command(names, host=host, port=port, address=address, folder=settings.VAR)
        os.chdir(settings.BASE_DIR)
        os.execv(line[0], line)  # noqa: S606  fixed words
