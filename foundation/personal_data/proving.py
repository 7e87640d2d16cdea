"""Whether the secrets of this start are those of a database, or of a backup: a known text says it."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.db import connection
from psycopg import sql

from foundation.personal_data import keys
from foundation.personal_data.fields import SealedColumn, sealed_columns
from foundation.personal_data.models import ProofOfSecrets

#: What the known text under each key is bound to, and the text.
PURPOSE, KNOWN = "marketplace.backups", "liandong"


def sealed(key: int) -> str:
    """The known text under the key of a number, in base64."""
    return base64.b64encode(keys.encrypt(KNOWN.encode(), PURPOSE, key)).decode()


def hashed() -> str:
    """The keyed hash of the known text."""
    return keys.keyed_hash(KNOWN)


def misfit(known: Mapping[str, str], known_hash: str, *, of: str) -> str:
    """Why the secrets of this start are none of those that made the proof, in words; "" if they are.

    ``known`` is the known text under each key, ``of`` names what it belongs to ("the database").
    """
    closed = [number for number, text in known.items() if not _opens(base64.b64decode(text))]
    if closed:
        return (
            f"LIANDONG_DATA_KEYS does not open what {of} has encrypted with key {', '.join(closed)}. Without these "
            f"keys nobody can read a name of it. {_put_back()}"
        )
    if known_hash != hashed():
        return f"LIANDONG_HASH_KEY is another one than that of {of}: nobody would be found by his number. {_put_back()}"
    return ""


def refusal() -> str:
    """Why nothing may be read from, or written into, the database with these secrets; "" if it may, or if the database
    proves nothing yet.
    """
    if ProofOfSecrets._meta.db_table not in connection.introspection.table_names():
        return ""
    proof = ProofOfSecrets.objects.first()
    return misfit(proof.sealed, proof.hashed, of="the database") if proof else ""


def prove() -> str:
    """Write down what proves these secrets, also for a key that encrypts from now on; why not, in words.

    A database without a proof is taken for theirs only if they open what it holds. ``refusal`` was asked before.
    """
    proof = ProofOfSecrets.objects.first()
    if proof is None:
        if columns := [str(column) for column in unread()]:
            return f"LIANDONG_DATA_KEYS does not open what the database has encrypted ({', '.join(columns)}). {_put_back()}"
        proof = ProofOfSecrets(hashed=hashed())
    number = keys.current_id()
    if str(number) not in proof.sealed:
        proof.sealed[str(number)] = sealed(number)
        proof.save()
    return ""


def forget_older_keys() -> None:
    """Let the proof ask for the current key alone, once everything is encrypted with it."""
    number = keys.current_id()
    ProofOfSecrets.objects.update(sealed={str(number): sealed(number)})


def unread() -> Iterator[SealedColumn]:
    """The columns of which a value cannot be read; of each, one value is tried for every key that it names."""
    return (column for column in sealed_columns() if not _reads(column))


def _opens(text: bytes) -> bool:
    """Whether our keys open the known text."""
    try:
        return keys.decrypt(text, PURPOSE) == KNOWN.encode()
    except ValueError:
        return False


def _reads(column: SealedColumn) -> bool:
    """Whether the values of a column that are tried can be read."""
    statement = sql.SQL(
        "SELECT {column} FROM {table} WHERE ctid IN (SELECT min(ctid) FROM {table} WHERE length({column}) > 0 "
        "GROUP BY get_byte(substring({column} FROM 1 FOR 1), 0))"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**column.identifiers))
        rows = cursor.fetchall()
    try:
        return all(keys.decrypt(bytes(text), column.purpose) is not None for (text,) in rows)
    except ValueError:
        return False


def _put_back() -> str:
    """Where the secrets are looked for, and what to do."""
    return (
        "They are read from the environment, else from "
        f"{settings.VAR / 'secrets.env'}: put the copy of that file there that was kept elsewhere, in place of one "
        "that a start may have made, and start again."
    )
