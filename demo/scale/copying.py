"""Copy rows into tables, with primary keys known beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg import sql
from tqdm import tqdm

from foundation.rules import reading


def first_key(model: type[models.Model], count: int) -> int:
    """Reserve ``count`` primary keys of a table's sequence; returns the first of them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        (sequence,) = cursor.fetchone()
        cursor.execute("SELECT nextval(%s)", [sequence])
        (first,) = cursor.fetchone()
        if count > 1:
            cursor.execute("SELECT setval(%s, %s)", [sequence, first + count - 1])
    return first


def first_number(series: str, year: int, count: int) -> int:
    """Reserve ``count`` official numbers of a series; returns the first of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_counter (series, year, last) VALUES (%s, %s, %s) "
            "ON CONFLICT (series, year) DO UPDATE SET last = foundation_counter.last + %s "
            "RETURNING last",
            [series, year, count, count],
        )
        return cursor.fetchone()[0] - count + 1


@contextmanager
def without_triggers() -> Iterator[None]:
    """Switch triggers and foreign keys off within this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


@contextmanager
def without_indexes(tables: Iterable[str], *, quiet: bool = False) -> Iterator[None]:
    """Build the indexes of these tables only after the rows are there, each by one sort.

    Those of constraints stay. The tables are locked until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
            WHERE indrelid = ANY(%s::regclass[])
                AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
            """,
            [list(tables)],
        )
        found = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(name)))
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for _name, definition in tqdm(found, desc=f"{'indexes':<22}", unit="", disable=quiet):
            cursor.execute(definition)


def copy(
    model: type[models.Model],
    columns: tuple[str, ...],
    rows: Iterable[tuple[Any, ...]],
    count: int,
    *,
    quiet: bool = False,
) -> None:
    """Copy ``rows`` of ``columns`` into the model's table, with a progress bar.

    A column that is not named and may not be empty gets the model's default. Rows that are made on the way may ask for
    rules, which are read before, and for nothing else that is in the database: its connection is busy, and raises
    ``RuntimeError``.
    """
    table = model._meta.db_table
    others = [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.null or field.generated or field.column in columns)
    ]
    columns = (*columns, *(str(field.column) for field in others))
    rest = tuple(field.get_db_prep_save(_default_of(field), connection) for field in others)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with (
        reading.remembered.meanwhile(),
        connection.cursor() as cursor,
        _busy(),
        cursor.copy(statement) as stream,
    ):
        name = table.split("_", 1)[1]
        for row in tqdm(rows, desc=f"{name:<22}", total=count, unit="", leave=True, disable=quiet):
            stream.write_row((*row, *rest))


@contextmanager
def _busy() -> Iterator[None]:
    """Read the rules; refuse every other statement, which would wait for the copying that waits for it."""
    reading.remembered.get()
    with connection.execute_wrapper(_refuse):
        yield


def _refuse(_execute: Any, statement: str, *_more: Any) -> Any:
    """Raise ``RuntimeError`` for a statement of a connection through which rows are copied."""
    raise RuntimeError(f"Asked while rows are copied: {statement}")


def _default_of(field: models.Field[Any, Any]) -> Any:
    """The model's default of a column; otherwise the database's own."""
    given = field.get_default()
    return field.db_default if isinstance(given, DatabaseDefault) else given
