"""The databases that tests stand on, kept from one session to the next.

``schema`` is the migrated database; ``base`` holds places, people and the edition in force;
``story`` the whole starter story. A test session copies one in a moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from foundation import moments
from foundation.documents.models import Document
from foundation.documents.states import DocumentStatus
from foundation.messaging.models import Message
from tools import kept_databases
from tools.kept_databases import Kept, migrate, migrations

ROOT = Path(__file__).resolve().parents[1]
#: Folders that hold nothing of what a database is made of.
ASIDE = {".venv", "var", "tests", "benchmarks", "docs", "static", "templates", "tools"}


def kept(kind: str) -> str:
    """The name of the database of that kind, which is made now unless it is there."""
    # Nothing here outlives the machine, and every statement is quicker.
    kept_databases.in_maintenance("ALTER SYSTEM SET fsync = off")
    kept_databases.in_maintenance("SELECT pg_reload_conf()")
    return kept_databases.kept(KINDS[kind])


def url(name: str) -> str:
    """The address of a database, for a process beside the tests."""
    params = connection.get_connection_params()
    return f"postgresql://postgres:@/{name}?host={params['host']}"


def _base() -> None:
    call_command("load_starter", "--base", stdout=StringIO())


def _story() -> None:
    call_command("load_starter", stdout=StringIO())
    # Whoever starts a worker waits for his own documents and texts, not for those of the story.
    Document.objects.filter(status=DocumentStatus.QUEUED).delete()
    Message.objects.filter(sent_at=None).update(sent_at=moments.now())
    ProcrastinateJob.objects.all().delete()


def _everything() -> Iterator[Path]:
    """Everything that the product is made of."""
    yield from migrations()
    yield Path(__file__)
    for folder in ROOT.iterdir():
        if folder.is_dir() and folder.name not in ASIDE:
            for kind in ("py", "yaml", "csv"):
                yield from folder.rglob(f"*.{kind}")


SCHEMA = Kept("schema", migrations, migrate)
KINDS = {
    "schema": SCHEMA,
    "base": Kept("base", _everything, _base, SCHEMA),
    "story": Kept("story", _everything, _story, SCHEMA),
}
