"""The databases that tests stand on, each kept as a template named by a hash of what it is made of.

``schema`` is the migrated database; ``base`` holds places, people and the edition in force;
``story`` the whole starter story. A test session copies one in a moment. What nothing has
changed is not made again, and what is made anew replaces the one before it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from procrastinate.contrib.django.models import ProcrastinateJob

from foundation import moments
from foundation.documents.models import Document, DocumentStatus
from foundation.messaging.models import Message

ROOT = Path(__file__).resolve().parents[1]
#: Folders that hold nothing of what a database is made of.
ASIDE = {".venv", "var", "tests", "benchmarks", "docs", "static", "templates", "tools"}


def kept(kind: str) -> str:
    """The name of the template of that kind, made now unless it is there."""
    with _alone():
        # Nothing here outlives the machine, and every statement is quicker.
        in_maintenance("ALTER SYSTEM SET fsync = off")
        in_maintenance("SELECT pg_reload_conf()")
        return _kept(kind)


def _kept(kind: str) -> str:
    name = f"{kind}_{_hash(kind)}"
    if not _there(name):
        for older in _templates(kind):
            in_maintenance(f'DROP DATABASE "{older}" WITH (FORCE)')
        _make(name, kind)
    return name


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


def url(name: str) -> str:
    """The address of a database, for a process beside the tests."""
    params = connection.get_connection_params()
    return f"postgresql://postgres:@/{name}?host={params['host']}"


def in_maintenance(statement: str) -> list[tuple[str, ...]]:
    """Run a statement beside all databases of ours; its rows, if it has any."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def _make(name: str, kind: str) -> None:
    """Make a template under another name first, so that one half made is never taken for it."""
    below = {"schema": "template0", "base": "schema", "story": "schema"}[kind]
    copy(f"{name}_new", below if below == "template0" else _kept(below))
    FILL[kind]()
    connections.close_all()
    in_maintenance(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')


def _migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def _base() -> None:
    call_command("load_starter", "--base", stdout=StringIO())


def _story() -> None:
    call_command("load_starter", stdout=StringIO())
    # Whoever starts a worker waits for his own documents and texts, not for those of the story.
    Document.objects.filter(status=DocumentStatus.QUEUED).delete()
    Message.objects.filter(sent_at=None).update(sent_at=moments.now())
    ProcrastinateJob.objects.all().delete()


FILL: dict[str, Callable[[], None]] = {"schema": _migrate, "base": _base, "story": _story}


def _hash(kind: str) -> str:
    """Of all migrations for the schema; of everything that the product is made of for the rest."""
    found = hashlib.sha256()
    made_of = set(_migrations()) if kind == "schema" else {*_migrations(), *_product(), Path(__file__)}
    for path in sorted(made_of):
        found.update(f"{path.parent.parent.name}/{path.name}".encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def _migrations() -> Iterator[Path]:
    """Those of our packages, and of the libraries that bring tables with them."""
    for config in apps.get_app_configs():
        yield from Path(config.path).glob("migrations/*.py")


def _product() -> Iterator[Path]:
    for folder in ROOT.iterdir():
        if folder.is_dir() and folder.name not in ASIDE:
            for kind in ("py", "yaml", "csv"):
                yield from folder.rglob(f"*.{kind}")


def _there(name: str) -> bool:
    return bool(in_maintenance(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))


def _templates(kind: str) -> list[str]:
    names = [row[0] for row in in_maintenance("SELECT datname FROM pg_database")]
    return [name for name in names if re.fullmatch(rf"{kind}_[0-9a-f]{{16}}(_new)?", name)]


@contextmanager
def _alone() -> Iterator[None]:
    """Let other sessions that want a template wait for this one."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")  # it may take a minute until the story is told
        cursor.execute("SELECT pg_advisory_lock(41)")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(41)")
