"""Migrates the database, loads the demonstration into an empty one, and serves until Ctrl-C."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from marketplace.office import first
from marketplace.server import embedded, preparing, serving, starting, unsafe
from marketplace.server.addresses import bracketed
from organizations.people.models import User


class Command(BaseCommand):
    help = "Starts the demonstration: the web process and the worker; HOST and PORT are honoured."
    requires_system_checks: list[str] = []
    #: How it is started, and whether an empty database gets the demonstration.
    called, demonstration = "make run", True

    def handle(self, *args: Any, **options: Any) -> None:
        if not self.demonstration:
            preparing.raise_if_refused(starting.refusal_of_a_city())
        preparing.raise_if_refused(starting.refusal_of_settings())
        if self.demonstration:
            preparing.raise_if_refused(starting.refusal_of_a_demonstration())
        host, port = starting.listens_on()
        with serving.claimed(host, port) as ours:
            if not ours:
                raise CommandError(
                    f"{host}:{port} is in use. Choose another port:  PORT={port + 1} {self.called}"
                )
            preparing.wait_for_the_database(self._say)
            with embedded.exclusive(settings.STATIC_ROOT):
                self._prepare()
            with serving.figures(settings.VAR):
                self._serve(host, port)

    def _say(self, line: str) -> None:
        """Print a line at once."""
        self.stdout.write(line)
        self.stdout.flush()

    def _serve(self, host: str, port: int) -> None:
        """Start the processes and keep them alive until a signal."""
        look_after = embedded.Keeper(embedded.folder()).look if settings.EMBEDDED else (lambda: None)
        processes = serving.Processes(serving.commands(host, port), settings.BASE_DIR, look_after=look_after)
        address = f"{settings.SPOKEN}://{bracketed(host)}:{port}"
        if processes.until_ready(lambda: serving.answers(f"{address}/sign-in/")):
            self._announce(address)
        processes.wait()

    def _prepare(self) -> None:
        """Bring database and static files up to date; another start of the same checkout waits meanwhile."""
        preparing.bring_up_to_date(self._say, demonstration=self.demonstration)
        embedded.share_with_children()
        if self.demonstration and not User.objects.exists():
            self._load()
        connection.close()

    def _load(self) -> None:
        """Load the demonstration in a process of its own, which frees its memory when it ends."""
        self._say("Loading the starter data …")
        connection.close()
        line = [sys.executable, "manage.py", "load_starter"]
        if subprocess.run(line, cwd=settings.BASE_DIR, check=False).returncode:  # noqa: S603  a fixed command
            raise CommandError("The starter data were not loaded; see above.")

    def _announce(self, address: str) -> None:
        """Print the address, warnings, and how one comes in."""
        self.stdout.write(f"\n联动 is ready on {address}   (Ctrl-C stops it)\n")
        for warning in unsafe.warnings():
            self.stdout.write(f"{warning}\n")
        if self.demonstration:
            call_command("demo_logins", stdout=self.stdout)
        elif first.wanted():
            self.stdout.write(first.instructions())
        connection.close()
        self.stdout.flush()
