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
        counts = dict.fromkeys(sealed_columns(), 0)
        while self._go_over(counts):
            pass  # once more: whoever had started with the older key may have saved with it meanwhile
        for column, count in counts.items():
            self.stdout.write(f"{column}: {count}")
        proving.forget_older_keys()

    def _go_over(self, counts: dict[SealedColumn, int]) -> bool:
        """Encrypt every value that has an older key, and count them; whether there were any."""
        before = sum(counts.values())
        for column in counts:
            while encrypted := _encrypt_again(column):
                counts[column] += encrypted
        return sum(counts.values()) > before


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
