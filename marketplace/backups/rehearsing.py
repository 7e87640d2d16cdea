"""Rehearsing a restore: a backup is restored into a database beside the city's, looked at, and dropped again."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from marketplace.backups import rotation
from marketplace.server import embedded

#: The database beside.
BESIDE = "liandong_rehearsal"
#: The key of the lock by which only one rehearses at a time.
_LOCK = 7_318_204


def newest(path: Path) -> Path:
    """The file, or the newest backup of a folder; raises ``CommandError`` where there is none."""
    if not path.is_dir():
        return path
    made = rotation.made(path)
    if not made:
        raise CommandError(
            f"There is no backup in {path}, which would be named as manage.py backup names them."
        )
    return made[-1]


def rehearse(file: Path) -> float:
    """Restore the file into the database beside, as a server would that has nothing else; the seconds it took.

    Raises ``CommandError`` with what failed. The city's own database is not touched.
    """
    with _database_beside() as url:
        began = time.monotonic()
        for words in (["restore", str(file)], ["migrate", "--verbosity=0"], ["check_ledger"]):
            _carry_out(words, url)
        return time.monotonic() - began


@contextmanager
def _database_beside() -> Iterator[str]:
    """A new database on the server of the city's own, as an address; it is dropped afterwards."""
    embedded.share_with_children()
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{BESIDE}").geturl()
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(BESIDE))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if cursor.fetchone() != (True,):
            raise CommandError("Somebody else is rehearsing now.")
        try:
            _make_anew(cursor, drop)
            try:
                yield url
            finally:
                cursor.execute(drop)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _make_anew(cursor: CursorWrapper, drop: sql.Composed) -> None:
    """Make the database beside, without what a killed rehearsal left; raises ``CommandError``."""
    cursor.execute("SELECT datcollate, datctype FROM pg_database WHERE datname = current_database()")
    collate, ctype = cursor.fetchone()
    create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE {} LC_CTYPE {}")
    try:
        cursor.execute(drop)
        cursor.execute(create.format(sql.Identifier(BESIDE), sql.Literal(collate), sql.Literal(ctype)))
    except DatabaseError as fault:
        raise CommandError(_not_made(fault)) from fault


def _not_made(fault: DatabaseError) -> str:
    """Why the database beside could not be made, and what to do."""
    if isinstance(fault.__cause__, InsufficientPrivilege):
        user = connection.settings_dict["USER"]
        return (
            f"A rehearsal makes a database beside the city's ({BESIDE}), and {user} may make none on that server. As "
            f'its administrator:  ALTER ROLE "{user}" CREATEDB'
        )
    return f"The database beside the city's ({BESIDE}) could not be made: {fault}"


def _carry_out(words: Sequence[str], url: str) -> None:
    """A command of the product on the database beside; raises ``CommandError`` with its last line."""
    line = [sys.executable, "manage.py", *words]
    env = {**os.environ, "DATABASE_URL": url}
    done = subprocess.run(  # noqa: S603  fixed commands
        line, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = [text for text in (done.stderr or done.stdout).splitlines() if text.strip()]
        raise CommandError(f"{words[0]} failed: {said[-1] if said else 'without a word'}")
