"""Encrypts personal values again with the current key."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from psycopg import sql

from foundation.personal_data import keys
from foundation.personal_data.fields import EncryptedField, SealedBytesField, SealedTextField


class Command(BaseCommand):
    help = "Encrypts what an older key has encrypted with the current key, 500 rows at a time."

    def handle(self, *args: Any, **options: Any) -> None:
        columns = [
            (model, str(field.column), field.purpose)
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if isinstance(field, EncryptedField | SealedTextField | SealedBytesField)
        ]
        for model, column, purpose in columns:
            count = 0
            pk = str(model._meta.pk.column)
            while encrypted := self._reencrypt(model._meta.db_table, pk, column, purpose):
                count += encrypted
            self.stdout.write(f"{model._meta.db_table}.{column}: {count}")

    @transaction.atomic
    def _reencrypt(self, table: str, pk: str, column: str, purpose: str) -> int:
        """Encrypt up to 500 values of one column that have an older key; returns how many."""
        names = {"table": sql.Identifier(table), "column": sql.Identifier(column), "pk": sql.Identifier(pk)}
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL(
                    "SELECT {pk}, {column} FROM {table} WHERE length({column}) > 0 "
                    "AND get_byte({column}, 0) <> %s LIMIT 500 FOR UPDATE"
                ).format(**names),
                [keys.current_id()],
            )
            rows = cursor.fetchall()
            for key, sealed in rows:
                plain = keys.decrypt(bytes(sealed), purpose)
                cursor.execute(
                    sql.SQL("UPDATE {table} SET {column} = %s WHERE {pk} = %s").format(**names),
                    [keys.encrypt(plain, purpose), key],
                )
        return len(rows)
