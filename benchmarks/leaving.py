"""What rows an action leaves behind, and the transaction that leaves the same rows with the fewest statements."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.apps import apps
from django.db import connection, transaction
from psycopg import sql

from benchmarks import floors
from demo.scale import copying
from foundation.lifecycle import trigger
from foundation.lifecycle.table import LIFECYCLES

#: SQL: triggers that note every change of a row, for the time of a transaction that is rolled back.
NOTED = """
    CREATE TEMP TABLE noted (number bigserial, name text, act text, old jsonb, new jsonb) ON COMMIT DROP;
    CREATE FUNCTION pg_temp.note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO noted (name, act, old, new)
        VALUES (TG_TABLE_NAME, TG_OP, to_jsonb(OLD), CASE TG_OP WHEN 'DELETE' THEN NULL ELSE to_jsonb(NEW) END);
        RETURN NULL;
    END $$
"""
NOTING = "CREATE TRIGGER zz_noted AFTER INSERT OR UPDATE OR DELETE ON {} FOR EACH ROW EXECUTE FUNCTION pg_temp.note()"


@dataclass
class Change:
    """A row of a table before (None: it is new) and after (None: it is gone)."""

    table: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None

    @property
    def changed(self) -> list[str]:
        """The columns that differ."""
        return [name for name in self.new or {} if (self.old or {}).get(name) != (self.new or {})[name]]


def tables() -> list[str]:
    """The tables of the product."""
    return sorted({model._meta.db_table for model in apps.get_models() if model._meta.managed})


@contextmanager
def recorded(cursor: Any) -> Iterator[list[Change]]:
    """The changes that are made with a cursor in a transaction; the caller rolls it back."""
    found: list[Change] = []
    cursor.execute(NOTED)
    for table in tables():
        cursor.execute(sql.SQL(NOTING).format(sql.Identifier(table)))
    yield found
    cursor.execute("SELECT name, old::text, new::text FROM noted ORDER BY number")
    found += _last_of_each(Change(name, _read(old), _read(new)) for name, old, new in cursor.fetchall())


def _read(row: str | None) -> dict[str, Any] | None:
    """A row as the database tells it; amounts stay text, so that no digit is lost."""
    return json.loads(row, parse_float=str) if row else None


def _last_of_each(changes: Iterable[Change]) -> list[Change]:
    """One change of each row, from its first state to its last; none for a row that came and went."""
    whole: dict[tuple[str, int], Change] = {}
    for change in changes:
        key = (change.table, (change.new or change.old or {})["id"])
        if key in whole:
            whole[key].new = change.new
        else:
            whole[key] = change
    return [change for change in whole.values() if change.old is not None or change.new is not None]


def left_by(act: Callable[[], Any]) -> list[Change]:
    """What an action of the product leaves, tried out and rolled back."""
    with transaction.atomic(), connection.cursor() as cursor:
        with recorded(cursor) as changes:
            act()
        transaction.set_rollback(True)
    return changes


@contextmanager
def undone(changes: list[Change]) -> Iterator[None]:
    """Put the database back as it was before the block: rows of ``changes``, and whatever is new since."""
    last = {}
    with connection.cursor() as cursor:
        for table in _numbered(cursor):
            cursor.execute(sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(table)))
            last[table] = cursor.fetchone()[0]
    try:
        yield
    finally:
        with transaction.atomic(), copying.without_triggers(), connection.cursor() as cursor:
            for table, key in last.items():
                cursor.execute(sql.SQL("DELETE FROM {} WHERE id > %s").format(sql.Identifier(table)), [key])
            for change in changes:
                if change.old is not None and change.new is not None:
                    cursor.execute(*_setting(change.table, change.old, change.changed))
                elif change.old is not None:
                    # It may be there still, if the block did less than was planned.
                    statement, given = _inserting(change.table, [change.old], list(change.old))
                    cursor.execute(statement + sql.SQL(" ON CONFLICT DO NOTHING"), given)


def _numbered(cursor: Any) -> list[str]:
    """The tables that number their rows."""
    cursor.execute(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name = 'id' AND data_type IN ('bigint', 'integer') AND is_updatable = 'YES'"
    )
    return [name for (name,) in cursor.fetchall()]


def _setting(table: str, row: dict[str, Any], columns: list[str]) -> tuple[sql.Composable, list[Any]]:
    """The statement that sets those columns of a row to its values."""
    statement = sql.SQL(
        "UPDATE {table} SET ({columns}) = (SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s))"
        " WHERE id = %s"
    ).format(table=sql.Identifier(table), columns=_names(columns))
    return statement, [json.dumps({name: row[name] for name in columns}), row["id"]]


def _inserting(table: str, rows: list[Any], columns: list[str]) -> tuple[sql.Composable, list[Any]]:
    """The statement that inserts those columns of rows."""
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s)"
    ).format(table=sql.Identifier(table), columns=_names(columns))
    return statement, [json.dumps(rows)]


class Floor:
    """A transaction that leaves the same rows: it locks one, updates what has changed, inserts what is new.

    An object with a lifecycle is updated under the name of its transition, as its trigger asks.
    """

    def __init__(self, changes: list[Change], lock: tuple[str, int]) -> None:
        self._lock = sql.SQL("SELECT 1 FROM {} WHERE id = {} FOR NO KEY UPDATE").format(
            sql.Identifier(lock[0]), sql.Literal(lock[1])
        )
        moves = _moves(changes)
        self._statements: list[tuple[sql.Composable, list[Any]]] = []
        for change in changes:
            if change.old is not None and change.new is not None:
                self._update(change, moves.get((change.table, change.old["id"])))
            elif change.old is not None:
                self._delete(change.table, change.old["id"])
        for table in dict.fromkeys(change.table for change in changes if change.old is None):
            self._insert(
                table, [change.new for change in changes if change.table == table and not change.old]
            )

    def __call__(self) -> None:
        with floors.bare().transaction():
            self.within(floors.bare().cursor())

    def within(self, cursor: psycopg.Cursor[Any]) -> None:
        """Send all statements in a transaction that is there."""
        cursor.execute(self._lock)
        for statement, given in self._statements:
            cursor.execute(statement, given)

    @property
    def count(self) -> int:
        """How many statements there are, besides begin and commit."""
        return len(self._statements) + 1

    def _update(self, change: Change, move: str | None) -> None:
        statement, given = _setting(change.table, change.new or {}, change.changed)
        if move:
            statement += sql.SQL(" AND set_config(%s, %s, true) = %s")
            given += [trigger.MOVE_VARIABLE, move, move]
        self._statements.append((statement, given))

    def _delete(self, table: str, key: int) -> None:
        statement = sql.SQL("DELETE FROM {} WHERE id = %s").format(sql.Identifier(table))
        self._statements.append((statement, [key]))

    def _insert(self, table: str, rows: list[dict[str, Any] | None]) -> None:
        columns = [name for name in rows[0] or {} if name != "id"]
        self._statements.append(_inserting(table, rows, columns))


def _names(columns: list[str]) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _moves(changes: list[Change]) -> dict[tuple[str, int], str]:
    """The name of the transition of each object, from the entries of the journal."""
    table_of = {model._meta.label: model._meta.db_table for model in apps.get_models()}
    entries = [change.new or {} for change in changes if change.table == "foundation_entry"]
    return {
        (table_of[entry["lifecycle"]], entry["object_id"]): trigger.running(
            LIFECYCLES[entry["lifecycle"]], entry["move"], entry["object_id"]
        )
        for entry in entries
        if entry["lifecycle"] in LIFECYCLES
    }


#: A moment as text, wherever it stands.
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[.\d]*(\+00:00)?")


def alike(changes: list[Change]) -> list[tuple[str, str]]:
    """Changes without what differs from run to run: new keys, moments, and what is encrypted."""
    found = []
    for change in changes:
        new = {
            name: value
            for name, value in (change.new or {}).items()
            if not (name == "id" and change.old is None)
            and not (isinstance(value, str) and value.startswith("\\x"))
        }
        text = json.dumps(new, sort_keys=True, ensure_ascii=False)
        found.append((change.table, MOMENT.sub("*", text)))
    return sorted(found)
