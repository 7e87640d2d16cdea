"""Identity numbers of invented people: valid in form, none twice, none that somebody has."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import date, timedelta

from demo.starter.cases import ORDERS, id_number
from foundation.personal_data import keys

#: Heads of households are grown up; the days on which they may be born lie in so many days.
YOUNGEST, BIRTHDAYS = timedelta(days=18 * 366), 25_000


#: How many different numbers there are.
MOST = BIRTHDAYS * ORDERS


class Exhausted(ValueError):
    """There are fewer free numbers than people wanted."""


def free(start: int, today: date, taken: Container[str]) -> Iterator[tuple[date, str, str]]:
    """Day of birth, sex (``M`` or ``F``) and number of ever new people, from the ``start``-th on.

    ``taken`` holds the keyed hashes of the numbers that somebody has already: they are left
    out. Neighbours differ in their day of birth, and both sexes are as many. Raises
    ``Exhausted`` after the last free number.
    """
    youngest = today - YOUNGEST
    for step in range(MOST):
        order, offset = divmod((start + step) % MOST, BIRTHDAYS)
        serial, male = divmod((order + offset) % ORDERS, 2)
        day, sex = youngest - timedelta(days=offset), "FM"[male]
        number = id_number(day.isoformat(), sex, serial)
        if keys.keyed_hash(number) not in taken:
            yield day, sex, number
    raise Exhausted("There are no identity numbers left for so many people.")
