"""What must be done before the processes start: the database waited for and migrated, the static files collected."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection

from foundation.work_items import rebuilding
from marketplace.server import starting

#: Seconds between two tries to connect to the database.
PAUSE = 2.0
#: Static files of libraries that no page uses.
UNSERVED = ["redoc*", "rest_framework", "sass"]


def raise_if_refused(why: str) -> None:
    """Raise ``CommandError`` with the reason, if there is one."""
    if why:
        raise CommandError(why)


def wait_for_the_database(say: Callable[[str], None]) -> None:
    """Wait until the database accepts connections, which may be later than this process starts.

    ``say`` is given a line when the waiting begins, and whenever its reason changes.
    """
    printed = ""
    while connection.connection is None:
        try:
            connection.ensure_connection()
        except OperationalError as fault:
            if str(fault) != printed:
                printed = str(fault)
                say(f"Waiting for the database: {printed}")
            time.sleep(PAUSE)


def bring_up_to_date(refusal_of_data: Callable[[], str]) -> None:
    """Migrate the database and collect the static files; raises ``CommandError`` where they must not be served.

    ``refusal_of_data`` says why the migrated database must not be. The caller holds the lock of the static
    files, so that two starts do not do it at once.
    """
    raise_if_refused(starting.refusal_of_database())
    call_command("migrate", verbosity=0, interactive=False)
    rebuilding.rebuild_unknown()
    raise_if_refused(refusal_of_data())
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=UNSERVED)
