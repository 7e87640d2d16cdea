"""What must be done before the processes start: the database waited for and migrated, the static files collected."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import InterfaceError, OperationalError, connection

from foundation.advisory_locks import held_alone
from foundation.personal_data import proving
from foundation.work_items import rebuilding
from marketplace.office import first
from marketplace.server import starting

#: Seconds between two tries to connect to the database, or to take its lock.
PAUSE = 2.0
#: How often a database that goes away meanwhile is made ready from the beginning.
TRIES = 5
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


def bring_up_to_date(say: Callable[[str], None], *, demonstration: bool) -> None:
    """Migrate the database and collect the static files; raises ``CommandError`` where they must not be served, as a
    demonstration or as a city.

    A database that goes away meanwhile is waited for, and made ready from the beginning. The caller holds the
    lock of the static files, so that two starts of one machine do not do it at once.
    """
    for left in reversed(range(TRIES)):
        wait_for_the_database(say)
        try:
            with _in_turn(say):
                _make_ready(demonstration=demonstration)
        except (OperationalError, InterfaceError) as fault:
            connection.close()
            if not left:
                raise CommandError(f"The database could not be made ready: {fault}") from fault
            say(f"The database went away, and is made ready again: {fault}")
            time.sleep(PAUSE)
        else:
            return


@contextmanager
def _in_turn(say: Callable[[str], None]) -> Iterator[None]:
    """The turn of this start to make the database ready; starts on other machines wait for theirs."""
    told = False
    while True:
        with held_alone("marketplace.server.preparing") as ours:
            if ours:
                yield
                return
        if not told:
            say("Another start makes the database ready, and is waited for.")
            told = True
        time.sleep(PAUSE)


def _make_ready(*, demonstration: bool) -> None:
    """Migrate the database, look whether it may be served with these secrets, and collect the static files."""
    raise_if_refused(starting.refusal_of_database())
    raise_if_refused(proving.refusal())
    call_command("migrate", verbosity=0, interactive=False)
    raise_if_refused(proving.prove())
    rebuilding.rebuild_unknown()
    raise_if_refused(starting.refusal_of_data(demonstration=demonstration))
    if not demonstration:
        first.begin_the_city()
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=UNSERVED)
