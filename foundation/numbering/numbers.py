"""Official numbers without gaps, such as ``SL-2026-000123``."""

from __future__ import annotations

from django.db import connection

from foundation import moments


def next_number(series: str) -> str:
    """The next number of a series in the current year.

    Call it in a transaction: a rollback gives the number back, so that there are no gaps.
    """
    year = moments.today().year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_counter (series, year, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (series, year) DO UPDATE SET last = foundation_counter.last + 1 "
            "RETURNING last",
            [series, year],
        )
        (last,) = cursor.fetchone()
    return f"{series}-{year}-{last:06d}"
