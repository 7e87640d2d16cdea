"""Encrypts personal values again with the current key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg import sql

from foundation.personal_data import keys, proving
from foundation.personal_data.fields import SealedColumn, sealed_columns


class Command(BaseCommand):
    help = "Encrypts what an older key has encrypted with the current key, 500 rows at a time."

    def handle(self, *args: Any, **options: Any) -> None:
        if why := proving.refusal():
            raise CommandError(why)
        counts = {column: 0 for column in sealed_columns()}
        while any([self._encrypt_all_again(counts, column) for column in counts]):
            pass  # once more: a process of before may have saved with the older key meanwhile
        for column, count in counts.items():
            self.stdout.write(f"{column}: {count}")
        proving.forget_older_keys()

    def _encrypt_all_again(self, counts: dict[SealedColumn, int], column: SealedColumn) -> bool:
        """Encrypt every value of one column that has an older key, and count them; whether there were any."""
        before = counts[column]
        while encrypted := _encrypt_again(column):
            counts[column] += encrypted
        return counts[column] > before


@transaction.atomic
def _encrypt_again(column: SealedColumn) -> int:
    """Encrypt up to 500 values of one column that have an older key; returns how many. Raises ``CommandError``."""
    names = column.identifiers
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT {key}, {column} FROM {table} WHERE length({column}) > 0 "
                "AND get_byte({column}, 0) <> %s LIMIT 500 FOR UPDATE"
            ).format(**names),
            [keys.current_id()],
        )
        rows = cursor.fetchall()
        for key, sealed in rows:
            try:
                plain = keys.decrypt(bytes(sealed), column.purpose)
            except ValueError as fault:
                raise CommandError(f"{column} of {column.key} {key} {fault}.") from fault
            cursor.execute(
                sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s").format(**names),
                [keys.encrypt(plain, column.purpose), key],
            )
    return len(rows)
