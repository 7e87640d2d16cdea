"""Migrates the database, loads the demonstration if it is wanted, and serves until Ctrl-C."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from foundation.roles import PEOPLE, Role
from marketplace.server import embedded, preparing, serving, starting, unsafe
from marketplace.server.addresses import bracketed
from marketplace.server.demonstration import PASSWORD as DEMO_PASSWORD
from marketplace.server.demonstration import accounts
from organizations.people.models import User

#: Printed after a start without the demonstration.
EMPTY = """
Nobody can sign in yet. Make the first account, in a second terminal:
  {python} manage.py create_administrator
(For the demonstration with invented data instead:  DEMO=1 make run)
"""


class Command(BaseCommand):
    help = "Starts the web process and the worker; HOST, PORT and DATABASE_URL are honoured."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        preparing.raise_if_refused(starting.refusal_of_settings())
        host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
        try:
            host = serving.numeric(host)
        except OSError as fault:
            raise CommandError(f"HOST={host} is no address of this machine: {fault}") from fault
        with serving.claimed(host, port) as ours:
            if not ours:
                raise CommandError(f"{host}:{port} is in use. Choose another port:  PORT={port + 1} make run")
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
        preparing.bring_up_to_date(starting.refusal_of_data)
        embedded.share_with_children()
        if starting.demo_wanted() and not User.objects.exists():
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
        """Print the address, warnings and demo logins."""
        first: dict[str, tuple[str, str]] = {}
        for row in accounts():
            first.setdefault(row["role"], (row["username"], row["full_name"]))
        known = set(User.objects.values_list("username", flat=True))
        connection.close()
        self.stdout.write(f"\n联动 is ready on {address}   (Ctrl-C stops it)\n")
        for warning in unsafe.warnings():
            self.stdout.write(f"{warning}\n")
        shown = [(Role(role), *first[role]) for role in PEOPLE if role in first]
        shown = [row for row in shown if row[1] in known]
        if not known:
            self.stdout.write(EMPTY.format(python=f"{os.environ.get('VENV', '.venv')}/bin/python"))
        elif shown and not settings.PUBLIC:
            self.stdout.write(f"Demo logins, password for all: {DEMO_PASSWORD}\n")
            self.stdout.write(f"  {'login':<12}{'name':<8}role")
            for role, username, name in shown:
                english = str(role.value).replace("_", " ")
                self.stdout.write(f"  {username:<12}{name:<6}{role.label} ({english})")
        self.stdout.flush()
