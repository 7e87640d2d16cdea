"""Waiting for one another, or standing aside, over something that has no row to lock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def take_lock(*names: str) -> None:
    """Let a second transaction that holds the same names wait for the first to end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(names)])


@contextmanager
def held_alone(*names: str) -> Iterator[bool]:
    """Whether nobody else holds the names; if so they are held until the block ends.

    The lock belongs to the connection, so a process that is killed leaves none behind.
    """
    number = _number(names)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine and connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def _number(names: tuple[str, ...]) -> int:
    text = "\x1f".join(names)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], signed=True)
