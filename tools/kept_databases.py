"""Databases that are made once and kept as templates, each named by a hash of what it is made of.

Tests and benchmarks copy one in a moment, or read it as it is. What nothing has changed is not made again, and
what is made anew replaces the one before it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections


@dataclass(frozen=True)
class Kept:
    """A database: the files that it is made of, what fills it, the database below, and its measures."""

    kind: str
    made_of: Callable[[], Iterable[Path]]
    fill: Callable[[], None]
    below: Kept | None = None
    measures: str = ""

    @property
    def name(self) -> str:
        """Its kind, and a hash of what it is made of."""
        found = hashlib.sha256(self.measures.encode())
        for path in sorted(set(self.made_of())):
            found.update(f"{path.parent.parent.name}/{path.name}".encode() + b"\0" + path.read_bytes())
        return f"{self.kind}_{found.hexdigest()[:16]}"


def kept(database: Kept) -> str:
    """The name of that database, which is made now unless it is there."""
    with _alone():
        return _kept(database)


def copy(name: str, template: str) -> None:
    """Make the database ``name`` anew as a copy of another, and work on it from now on."""
    connections.close_all()
    in_maintenance(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    in_maintenance(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    use(name)


def drop(name: str) -> None:
    """Forget a database."""
    connections.close_all()
    in_maintenance(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def use(name: str) -> None:
    """Work on that database from now on."""
    connections.close_all()
    for held in (connection.settings_dict, settings.DATABASES["default"]):
        held["NAME"] = name


def in_maintenance(statement: str) -> list[tuple[str, ...]]:
    """Run a statement beside all databases of ours; its rows, if it has any."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def migrations() -> Iterator[Path]:
    """Those of our packages, and of the libraries that bring tables with them."""
    for config in apps.get_app_configs():
        yield from Path(config.path).glob("migrations/*.py")


def migrate() -> None:
    """Make all tables."""
    call_command("migrate", verbosity=0, interactive=False)


def _kept(database: Kept) -> str:
    name = database.name
    known = [row[0] for row in in_maintenance("SELECT datname FROM pg_database")]
    if name not in known:
        for older in known:
            if re.fullmatch(rf"{database.kind}_[0-9a-f]{{16}}(_new)?", older):
                in_maintenance(f'DROP DATABASE "{older}" WITH (FORCE)')
        _make(name, database)
    return name


def _make(name: str, database: Kept) -> None:
    """Make a database under another name first, so that one half made is never taken for it."""
    copy(f"{name}_new", _kept(database.below) if database.below else "template0")
    database.fill()
    connections.close_all()
    in_maintenance(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')


@contextmanager
def _alone() -> Iterator[None]:
    """Let others that want a kept database wait for this one."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")  # it may take minutes until a city stands
        cursor.execute("SELECT pg_advisory_lock(41)")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(41)")
