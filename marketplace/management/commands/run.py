"""Migrates the database, loads the demonstration into an empty one, and serves until Ctrl-C."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from foundation.work_items import rebuilding
from marketplace.office import first
from marketplace.server import embedded, serving, starting
from marketplace.server.addresses import bracketed
from organizations.people.models import User

#: Seconds between two tries to connect to the database.
PAUSE = 2.0
#: Static files of libraries that no page uses.
UNSERVED = ["redoc*", "rest_framework", "sass"]

#: Printed while nobody administers the city.
EMPTY = """
Nobody can sign in yet. Make the first account, whose owner sets the city up and lets everybody else in, with this link
(good for a day, until somebody has used it):
  {link}
or in a second terminal:
  {python} manage.py create_administrator
"""


class Command(BaseCommand):
    help = "Starts the demonstration: the web process and the worker; HOST and PORT are honoured."
    requires_system_checks: list[str] = []
    #: How it is started, and whether an empty database gets the demonstration.
    called, demonstration = "make run", True

    def handle(self, *args: Any, **options: Any) -> None:
        _raise_if_refused(starting.refusal_of_settings())
        if self.demonstration:
            _raise_if_refused(starting.refusal_of_a_demonstration())
        host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
        try:
            host = serving.numeric(host)
        except OSError as fault:
            raise CommandError(f"HOST={host} is no address of this machine: {fault}") from fault
        if not serving.free(host, port):
            raise CommandError(
                f"{host}:{port} is in use. Choose another port:  PORT={port + 1} {self.called}"
            )
        self._wait_for_the_database()
        with embedded.exclusive(settings.STATIC_ROOT):
            self._prepare()
        with _figures():
            self._serve(host, port)

    def _serve(self, host: str, port: int) -> None:
        """Start the processes and keep them alive until a signal."""
        look_after = embedded.Keeper(embedded.folder()).look if settings.EMBEDDED else (lambda: None)
        processes = serving.Processes(serving.commands(host, port), settings.BASE_DIR, look_after=look_after)
        address = f"{settings.SPOKEN}://{bracketed(host)}:{port}"
        if processes.until_ready(f"{address}/sign-in/"):
            self._announce(address)
        processes.wait()

    def _prepare(self) -> None:
        """Bring database and static files up to date; another start of the same checkout waits meanwhile."""
        _raise_if_refused(starting.refusal_of_database())
        call_command("migrate", verbosity=0, interactive=False)
        rebuilding.rebuild_unknown()
        _raise_if_refused(starting.refusal_of_data(demonstration=self.demonstration))
        call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=UNSERVED)
        embedded.share_with_children()
        if self.demonstration and not User.objects.exists():
            self._load()
        connection.close()

    def _wait_for_the_database(self) -> None:
        """Wait until the database accepts connections, which may be later than this process starts."""
        printed = ""
        while connection.connection is None:
            try:
                connection.ensure_connection()
            except OperationalError as fault:
                if str(fault) != printed:
                    printed = str(fault)
                    self.stdout.write(f"Waiting for the database: {printed}")
                    self.stdout.flush()
                time.sleep(PAUSE)

    def _load(self) -> None:
        """Load the demonstration in a process of its own, which frees its memory when it ends."""
        self.stdout.write("Loading the starter data …")
        self.stdout.flush()
        connection.close()
        line = [sys.executable, "manage.py", "load_starter"]
        if subprocess.run(line, cwd=settings.BASE_DIR, check=False).returncode:  # noqa: S603  a fixed command
            raise CommandError("The starter data were not loaded; see above.")

    def _announce(self, address: str) -> None:
        """Print the address, warnings, and how one comes in."""
        self.stdout.write(f"\n联动 is ready on {address}   (Ctrl-C stops it)\n")
        for warning in starting.warnings():
            self.stdout.write(f"{warning}\n")
        if self.demonstration:
            call_command("demo_logins", stdout=self.stdout)
        elif first.wanted():
            python = f"{os.environ.get('VENV', '.venv')}/bin/python"
            self.stdout.write(EMPTY.format(python=python, link=first.link()))
        connection.close()
        self.stdout.flush()


@contextmanager
def _figures() -> Iterator[None]:
    """A folder in which each web process counts for ``/metrics``, if that is wanted."""
    if not settings.METRICS:
        yield
        return
    with tempfile.TemporaryDirectory(prefix=".figures-", dir=settings.VAR) as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


def _raise_if_refused(why: str) -> None:
    """Raise ``CommandError`` with the reason, if there is one."""
    if why:
        raise CommandError(why)
