"""Official numbers without gaps, such as ``SL-2026-000123``: letters, year, running number.

Letters and digits are as the rule ``numbering`` has them that day. Counted is by letters and year, so that no number is
given twice, whatever the rule was before: letters that come back within a year go on where they were.
"""

from __future__ import annotations

from django.db import connection

from foundation import moments
from foundation.numbering.series import Series, digits_now, letters_now


def next_number(series: Series) -> str:
    """The next number of a series in the current year.

    Call it in a transaction: a rollback gives the number back, so that there are no gaps.
    """
    year, letters = moments.today().year, letters_now(series)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_counter (series, year, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (series, year) DO UPDATE SET last = foundation_counter.last + 1 "
            "RETURNING last",
            [letters, year],
        )
        (last,) = cursor.fetchone()
    return f"{letters}-{year}-{last:0{digits_now(series)}d}"
