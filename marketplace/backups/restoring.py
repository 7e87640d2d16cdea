"""Restoring a backup: everything that speaks against it is found before, and it is done whole or not at all."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from psycopg import sql

from foundation.forms.typed import whole_number
from foundation.personal_data import keys, proving
from marketplace.backups import archive, programs
from marketplace.backups.archive import Damaged, Manifest
from marketplace.backups.taking import tables, version
from marketplace.monitoring.parts import known_migrations
from marketplace.server.kept_files import working_folder

#: Empties the database, and leaves the schema as a new database has it.
EMPTY = (
    "DROP SCHEMA public CASCADE",
    "CREATE SCHEMA public",
    "ALTER SCHEMA public OWNER TO pg_database_owner",
    "GRANT USAGE ON SCHEMA public TO PUBLIC",
)


class Restoration:
    """A backup whose file is whole, on its way into the database of the settings."""

    def __init__(self, path: Path) -> None:
        """Read the file; raises ``CommandError`` if it is damaged."""
        settings.VAR.mkdir(parents=True, exist_ok=True)
        self._held = ExitStack()
        self._dump = self._held.enter_context(working_folder(".restore-", settings.VAR)) / archive.DUMP
        try:
            self.manifest = archive.read(path, self._dump)
        except (Damaged, OSError) as fault:
            self.close()
            raise CommandError(f"{path} cannot be restored: {fault}.") from fault

    def close(self) -> None:
        """Delete the copy of the dump."""
        self._held.close()

    def refuse_if_not_ours(self) -> None:
        """Raise ``CommandError`` for a version that this one does not know, and for other secrets."""
        _refuse_other_version(self.manifest)
        _refuse_other_secrets(self.manifest)

    def held(self) -> int:
        """How many tables the database has; raises ``CommandError`` while others are connected to it."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL"
            )
            (others,) = cursor.fetchone()
            if others:
                raise CommandError(f"{others} other connections use this database. Stop the product first.")
            return len(tables(cursor))

    def load(self, *, replace: bool) -> None:
        """Load it in one transaction, in which the rows of each table are counted; raises ``CommandError``."""
        programs.load(self._dump, before=EMPTY if replace else (), after=[_counting(self.manifest.rows)])
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        if unread := [str(column) for column in proving.unread()]:
            raise CommandError(f"Restored, but these secrets do not open {', '.join(unread)}.")


def _refuse_other_version(manifest: Manifest) -> None:
    """Raise ``CommandError`` if the backup is of a newer version, or one that nothing is known of."""
    theirs, ours = _parts(manifest.version), _parts(version())
    if not theirs or theirs > ours:
        raise CommandError(
            f"The backup is of version {manifest.version}, and this is {version()}. "
            "Restore it with its own version or a newer one."
        )
    unknown = {(app, name) for app, name in manifest.migrations} - known_migrations()
    if unknown:
        raise CommandError(
            f"The backup has migrations that this version does not know ({len(unknown)}, such as "
            f"{'.'.join(min(unknown))}). Restore it with the version that made it, {manifest.version}."
        )


def _parts(text: str) -> tuple[int, ...]:
    """The numbers of a version; empty if it has none."""
    numbers = [whole_number(part) for part in text.split(".")]
    return () if None in numbers else tuple(number or 0 for number in numbers)


def _refuse_other_secrets(manifest: Manifest) -> None:
    """Raise ``CommandError`` if the secrets of this machine are not those of the backup."""
    if why := keys.refusal() or proving.misfit(manifest.sealed, manifest.hashed, of="the backup"):
        raise CommandError(why)


def _counting(rows: dict[str, int]) -> str:
    """A statement that fails unless each table has so many rows."""
    each = sql.SQL(
        "SELECT count(*) INTO found FROM public.{table}; IF found <> {rows} THEN "
        "RAISE EXCEPTION 'a table has % rows and not %: %', found, {rows}, {name}; END IF; "
    )
    counted = sql.Composed(
        [
            each.format(table=sql.Identifier(table), rows=sql.Literal(count), name=sql.Literal(table))
            for table, count in rows.items()
        ]
    )
    body = sql.SQL("DECLARE found bigint; BEGIN {} END").format(counted)
    return sql.SQL("DO {}").format(sql.Literal(body.as_string())).as_string()
