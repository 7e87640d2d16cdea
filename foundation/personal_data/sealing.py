"""Texts that were kept in plain, encrypted where they lie: the operations of a migration."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from psycopg import sql

from foundation.personal_data import keys

#: Rows that are read at once.
AT_ONCE = 1_000


def seal_columns(app: str, columns: dict[tuple[str, str], models.Field[Any, Any]]) -> list[Operation]:
    """Operations that make texts of ``app`` sealed ones, each named by model and field.

    Every column is changed first: none is altered whose rows have just been written. There is
    no way back; a text that is sealed already is not found again.
    """
    changed = [_as_bytes(app, model, name, field) for (model, name), field in columns.items()]
    sealed = [_sealed(app, model, name) for model, name in columns]
    return [*changed, *sealed]


def _as_bytes(app: str, model: str, name: str, field: models.Field[Any, Any]) -> Operation:
    table = sql.Identifier(f"{app}_{model}")
    change = sql.SQL(
        "ALTER TABLE {table} ALTER COLUMN {column} TYPE bytea USING convert_to({column}, 'UTF8')"
    ).format(table=table, column=sql.Identifier(name))
    return migrations.RunSQL(change.as_string(), state_operations=[migrations.AlterField(model, name, field)])


def _sealed(app: str, model: str, name: str) -> Operation:
    names = {"table": sql.Identifier(f"{app}_{model}"), "column": sql.Identifier(name)}
    read = sql.SQL(
        "SELECT id, {column} FROM {table} WHERE id > %s AND length({column}) > 0 ORDER BY id LIMIT %s"
    ).format(**names)
    write = sql.SQL("UPDATE {table} SET {column} = %s WHERE id = %s").format(**names)

    def seal(apps: Any, schema_editor: Any) -> None:
        purpose, last = f"{app}_{model}.{name}", 0
        with schema_editor.connection.cursor() as cursor:
            while True:
                cursor.execute(read, [last, AT_ONCE])
                some = cursor.fetchall()
                if not some:
                    return
                cursor.executemany(write, [(keys.encrypt(bytes(text), purpose), pk) for pk, text in some])
                last = some[-1][0]

    return migrations.RunPython(seal, migrations.RunPython.noop)
