"""Official numbers without gaps, such as ``SL-2026-000123``: letters, year, running number.

Letters and digits are as the rule ``numbering`` has them that day. Counted is by letters and year, so that no number is
given twice, whatever the rule was before: letters that come back within a year go on where they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from foundation import moments
from foundation.numbering.models import Counter
from foundation.numbering.series import RULE, Series, digits_now, letters_now
from foundation.rules.events import Preview, previews
from foundation.rules.reading import Rule


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
    return _written(letters, year, last, digits_now(series))


def _written(letters: str, year: int, running: int, digits: int) -> str:
    """A number as it stands on paper."""
    return f"{letters}-{year}-{running:0{digits}d}"


@previews.register
def the_next_of_each(rule: Rule, value: Mapping[str, Any]) -> list[Preview]:
    """The number that each series would give out next by a value of the rule."""
    if rule.key != RULE:
        return []
    year = moments.today().year
    given = dict(Counter.objects.filter(year=year).values_list("series", "last"))
    return [
        Preview(
            str(series.label),
            _written(
                value[series]["letters"],
                year,
                given.get(value[series]["letters"], 0) + 1,
                value[series]["digits"],
            ),
            _("下一个号"),
        )
        for series in Series
    ]
