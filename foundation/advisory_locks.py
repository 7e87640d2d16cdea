"""PostgreSQL advisory locks, for work that has no row of its own to lock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def take_lock(*names: str) -> None:
    """Take the lock of these names until the transaction ends; waits while another transaction has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(names)])


@contextmanager
def held_alone(*names: str) -> Iterator[bool]:
    """Try to take the lock of these names for the block; yields whether it was free, and never waits.

    The lock belongs to the connection, so a process that is killed leaves none behind.
    """
    number = _number(names)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        (acquired,) = cursor.fetchone()
    try:
        yield acquired
    finally:
        if acquired and connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def _number(names: tuple[str, ...]) -> int:
    """The 64-bit key of the lock: the first eight bytes of the SHA-256 of the names."""
    text = "\x1f".join(names)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], signed=True)
