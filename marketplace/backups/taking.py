"""Taking a backup, while the product runs: everything in it is of one moment."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from foundation import moments
from foundation.personal_data import keys, proving
from marketplace.backups import archive, programs
from marketplace.backups.archive import Manifest
from marketplace.server import secrets_file
from marketplace.server.kept_files import put_in_place, working_folder

#: Further variables that belong to a backup where they are set.
FURTHER = ("SIGNING_CERTIFICATE", "SIGNING_PASSPHRASE")


def take(path: Path) -> Manifest:
    """Write a backup of the database to a new file; raises ``CommandError``."""
    if path.exists():
        raise CommandError(f"{path} exists. Name a new file.")
    if not path.parent.is_dir():
        raise CommandError(f"There is no folder {path.parent}.")
    with working_folder(".backup-", path.parent) as folder:
        dump, draft = folder / archive.DUMP, folder / "draft"
        manifest = _dump(dump)
        archive.write(draft, manifest, dump)
        put_in_place(draft, path)
    return manifest


def _dump(dump: Path) -> Manifest:
    """Dump the database, and describe it as it is at the same moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        snapshot, server = cursor.fetchone()
        programs.dump(dump, snapshot)
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        migrations = [list(row) for row in cursor.fetchall()]
        rows = {table: _rows(cursor, table) for table in tables(cursor)}
    return Manifest(
        version=version(),
        made_at=moments.now().isoformat(timespec="seconds"),
        server=server,
        migrations=migrations,
        rows=rows,
        sha256=archive.sum_of(dump),
        size=dump.stat().st_size,
        secrets=secrets(),
        sealed={str(key): proving.sealed(key) for key in keys.ids()},
        hashed=proving.hashed(),
    )


def tables(cursor: CursorWrapper) -> list[str]:
    """The names of all tables."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [name for (name,) in cursor.fetchall()]


def _rows(cursor: CursorWrapper, table: str) -> int:
    """How many rows a table has."""
    cursor.execute(sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(table)))
    (count,) = cursor.fetchone()
    return int(count)


def version() -> str:
    """The version of the product."""
    text = (settings.BASE_DIR / "pyproject.toml").read_text()
    return str(tomllib.loads(text)["project"]["version"])


def secrets() -> dict[str, list[int]]:
    """The variables that belong to a backup, with the numbers of the keys of the one that holds several."""
    numbered = {"LIANDONG_DATA_KEYS": keys.ids()}
    names = (*secrets_file.NAMES, *(name for name in FURTHER if os.environ.get(name)))
    return {name: numbered.get(name, []) for name in names}
